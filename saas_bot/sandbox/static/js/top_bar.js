import { botAvatar } from "./avatar.js";
import { botStatus } from "./bot_status.js";
import { h, iconButton } from "./dom.js";
import { currentLanguage, toggleLanguage } from "./i18n.js";
import { icon } from "./icons.js";
import { currentTheme, onSystemThemeChange, toggleTheme } from "./theme.js";

/**
 * The bar over the columns: the bot, the people, and the page's own switches.
 * @param {{strip: HTMLElement, onAddPerson: () => void, onInspector: () => void, onBotArrival: () => void}} parts
 * @returns {{element: HTMLElement, showBot: (bot: object) => void, showInspector: (open: boolean) => void}}
 */
export function topBar({ strip, onAddPerson, onInspector, onBotArrival }) {
  const bot = h("div", { class: "top-bar__bot" });
  const status = botStatus(onBotArrival);
  const addPerson = h("button", {
    type: "button", class: "icon-button icon-button--wide", i18n: { label: "add_person" }, dataset: { testid: "add-person" }, on: { click: onAddPerson },
  }, icon("add_person"), h("span", { class: "icon-button__text", i18n: { text: "add_person" } }));
  const inspector = iconButton(icon("inspector"), "toggle_inspector", {
    dataset: { testid: "inspector-toggle" }, "aria-pressed": "false", on: { click: onInspector },
  });
  const element = h("header", { class: "top-bar" }, bot, strip,
    h("div", { class: "top-bar__actions" }, addPerson, inspector, languageToggle(), themeToggle()));
  return {
    element,
    showBot: (profile) => {
      bot.replaceChildren(botAvatar(profile),
        h("div", { class: "top-bar__names" },
          h("h1", { class: "top-bar__name" }, h("span", {}, profile.first_name), h("span", { class: "tag", i18n: { text: "sandbox" } })),
          h("p", { class: "top-bar__username" }, `@${profile.username}`, status)));
      document.title = `${profile.first_name} · Sandbox`;
    },
    showInspector: (open) => inspector.setAttribute("aria-pressed", String(open)),
  };
}

function languageToggle() {
  const name = () => (currentLanguage() === "en" ? "RU" : "EN");
  const button = h("button", {
    type: "button", class: "icon-button icon-button--text", i18n: { label: "switch_language" }, dataset: { testid: "language-toggle" },
    on: { click: toggleLanguage },
  }, name());
  document.addEventListener("languageswitch", () => { button.textContent = name(); });
  return button;
}

function themeToggle() {
  const draw = () => button.replaceChildren(icon(currentTheme() === "dark" ? "sun" : "moon"));
  const button = iconButton(icon("moon"), "switch_theme", {
    dataset: { testid: "theme-toggle" }, on: { click: () => { toggleTheme(); draw(); } },
  });
  onSystemThemeChange(draw);
  draw();
  return button;
}
