// What allauth's scripts for passkeys leave to the page: their forms are sent as every other, and it
// says so when a passkey was not used, because it is not there or its person stopped.

const template = document.querySelector("[data-passkey-failed]");
let shown = null;

for (const { form } of document.querySelectorAll("input[name=credential]")) {
  // Otherwise it would be sent without an event, and nothing would look first whether it can be.
  form.submit = () => form.requestSubmit();
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  shown?.remove();
  shown = template.content.firstElementChild.cloneNode(true);
  template.after(shown);
});
