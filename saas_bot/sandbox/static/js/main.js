import { Board } from "./board.js";
import { connectionBanner } from "./connection_banner.js";
import { h } from "./dom.js";
import { refreshTimes } from "./format.js";
import { Inspector } from "./inspector.js";
import { Live } from "./live.js";
import { Store } from "./store.js";
import { topBar } from "./top_bar.js";
import { tour } from "./tour.js";

const store = new Store();
const board = new Board(store, (person) => live.adopt(person));
const banner = connectionBanner(() => live.retry());
const guide = tour();
const bar = topBar({
  strip: board.strip.element,
  onAddPerson: () => board.addPerson(),
  onInspector: () => inspector.toggle(),
  onHelp: guide.show,
  onBotArrival: () => live.refreshBot(),
});
const inspector = new Inspector(store, (open) => bar.showInspector(open));
const loading = h("p", { class: "loading", role: "status", i18n: { text: "loading" } });

document.getElementById("app").append(bar.element, banner.element, bar.notice, guide.element, loading,
  h("div", { class: "desk", hidden: true }, board.element, inspector.element));
document.addEventListener("languageswitch", refreshTimes);
store.on("bot", () => bar.showBot(store.bot));

let connectedBefore = false;
const live = new Live(store, (online) => {
  banner.show(online);
  if (!online) return;
  if (connectedBefore) inspector.reset();
  else {
    connectedBefore = true;
    loading.remove();
    document.querySelector(".desk").hidden = false;
  }
  board.showNobody();
  refreshTimes();
});
live.retry();
