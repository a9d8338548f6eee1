// Asks for the token of the server. It stays in memory.
import { byId } from "report";

let open = null;

export function askToken(wasWrong) {
  open ??= new Promise((done) => {
    const dialog = byId("token");
    const text = byId("token-text");
    byId("token-title").textContent = wasWrong ? "The server does not know this token" : "This server needs a token";
    text.value = "";
    // There is nothing to see without it, so Escape leads nowhere.
    const stay = (event) => event.preventDefault();
    dialog.addEventListener("cancel", stay);
    dialog.addEventListener("close", () => {
      dialog.removeEventListener("cancel", stay);
      open = null;
      done(text.value.trim());
      text.value = "";
    }, { once: true });
    dialog.showModal();
    text.focus();
  });
  return open;
}
