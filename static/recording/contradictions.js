// Where a key question and its prompts contradict each other, told anew as answers change.
// The rule and its words are those of cases/contradictions.py.

const FEWEST_RELEVANT = 2;
const WORDS = { YES: "Yes", NO: "No" };

function valueOf(section) {
  const chosen = section.querySelector('input[type=radio][name$="-value"]:checked');
  return chosen?.value in WORDS ? chosen.value : "";
}

function wordsOf(keyQuestion, prompts) {
  const own = valueOf(keyQuestion);
  const relevant = prompts.map(valueOf).filter(Boolean);
  const against = relevant.filter((value) => value !== own).length;
  if (!own || relevant.length < FEWEST_RELEVANT || 2 * against <= relevant.length) return "";
  const other = own === "YES" ? "NO" : "YES";
  return `Key question ${keyQuestion.dataset.question} is ${WORDS[own]}, but ${against} of its ${relevant.length} relevant prompts are ${WORDS[other]}.`;
}

function tell(block) {
  const sections = [...block.querySelectorAll("section[data-question]")];
  const keyQuestion = sections.pop();
  const place = keyQuestion?.querySelector("[data-contradiction]");
  if (!place) return;
  const words = wordsOf(keyQuestion, sections);
  place.hidden = !words;
  if (place.textContent !== words) place.textContent = words;
}

for (const block of document.querySelectorAll("form[data-saves] .app-key-question")) {
  block.addEventListener("change", () => tell(block));
  // Answers that waited on the device are shown after the page was loaded.
  new MutationObserver(() => tell(block)).observe(block, {
    subtree: true,
    attributeFilter: ["data-state"],
  });
}
