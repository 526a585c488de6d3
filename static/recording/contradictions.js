// Warnings where a key question and its prompts contradict each other, updated as answers change.
// The rule is the same as in cases/contradictions.py.

import { textOf } from "./templates.js";

const MIN_RELEVANT = 2;

/** What is contradictory between a key question's answer and its prompts', or null. */
export function contradictionOf(keyQuestion, prompts) {
  const isRelevant = (answer) => answer === "YES" || answer === "NO";
  const answers = prompts.filter(isRelevant);
  const against = answers.filter((answer) => answer !== keyQuestion).length;
  const relevant = answers.length;
  if (!isRelevant(keyQuestion) || relevant < MIN_RELEVANT || 2 * against <= relevant) return null;
  return { own: keyQuestion, other: keyQuestion === "YES" ? "NO" : "YES", against, relevant };
}

function answerOf(section) {
  return section.querySelector('input[type=radio][name$="-value"]:checked')?.value ?? "";
}

function show(block) {
  const prompts = [...block.querySelectorAll("section[data-question]")];
  const keyQuestion = prompts.pop();
  const place = keyQuestion?.querySelector("[data-contradiction]");
  if (!place) return;
  const found = contradictionOf(answerOf(keyQuestion), prompts.map(answerOf));
  const text = found
    ? textOf("contradiction", { code: keyQuestion.dataset.question, ...found })
    : "";
  place.hidden = !text;
  if (place.textContent !== text) place.textContent = text;
}

/** Keep the warnings of `form` up to date. */
export function watchContradictions(form) {
  for (const block of form.querySelectorAll(".app-key-question")) {
    block.addEventListener("change", () => show(block));
    // Unsent answers of the device are shown after the page was loaded.
    new MutationObserver(() => show(block)).observe(block, {
      subtree: true,
      attributeFilter: ["data-state"],
    });
  }
}
