// Starts GOV.UK's own components on the page: error summary, buttons, character count and so on.
//
// As a module it runs once the page is read, so no inline script is needed to say that scripts
// work: this line does, and GOV.UK's components look for the two classes.
import { initAll } from "./build/govuk-frontend.min.js";
import "./forms/print.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
