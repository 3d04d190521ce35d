// Comforts only: every page works without this file.
"use strict";

// A form that starts something that cannot be undone asks once more.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// The picture of a process opens on the place of the case.
for (const frame of document.querySelectorAll(".picture[data-here]")) {
  const here = frame.dataset.here && document.getElementById(frame.dataset.here);
  if (!here) continue;
  const box = here.getBoundingClientRect(), view = frame.getBoundingClientRect();
  frame.scrollTo(box.left - view.left - (view.width - box.width) / 2, box.top - view.top - (view.height - box.height) / 2);
}

// A link into a closed part opens it.
const open = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const part = target && target.closest("details");
  if (part) { part.open = true; target.scrollIntoView(); }
};
window.addEventListener("hashchange", open);
open();
