// What a key question shows of its prompts, updated as answers change: their answers, and a warning
// where they contradict its own. The rule of that is the same as in cases/contradictions.py.

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

const chosenIn = (section) => section.querySelector(".app-answers input:checked");

function answerOf(section) {
  return chosenIn(section)?.value ?? "";
}

function show(block) {
  const prompts = [...block.querySelectorAll("section[data-question]")];
  const keyQuestion = prompts.pop();
  for (const section of prompts) {
    const place = keyQuestion?.querySelector(`[data-prompt="${section.dataset.question}"]`);
    const words = answerOf(section) ? chosenIn(section).labels[0].textContent : place?.dataset.none;
    if (place && place.textContent !== words) place.textContent = words;
  }
  const place = keyQuestion?.querySelector("[data-contradiction]");
  if (!place) return;
  const found = contradictionOf(answerOf(keyQuestion), prompts.map(answerOf));
  const text = found
    ? textOf("contradiction", { code: keyQuestion.dataset.question, ...found })
    : "";
  place.hidden = !text;
  if (place.textContent !== text) place.textContent = text;
}

/** Keep the key questions of `form` up to date. */
export function watchKeyQuestions(form) {
  for (const block of form.querySelectorAll(".app-key-question")) {
    block.addEventListener("change", () => show(block));
    // Unsent answers of the device are shown after the page was loaded.
    new MutationObserver(() => show(block)).observe(block, {
      subtree: true,
      attributeFilter: ["data-state"],
    });
  }
}
