import { botAvatar } from "./avatar.js";
import { botStatus } from "./bot_status.js";
import { h, iconButton } from "./dom.js";
import { currentLanguage, localise, toggleLanguage } from "./i18n.js";
import { icon } from "./icons.js";
import { isSingle, toggleSingle } from "./layout.js";
import { openMenu } from "./menu.js";
import { currentTheme, onSystemThemeChange, toggleTheme } from "./theme.js";

/**
 * The bar over the columns: the bot, the people, and the page's own switches.
 * @param {{strip: HTMLElement, onAddPerson: () => void, onInspector: () => void, onHelp: () => void, onBotArrival: () => void}} parts
 * @returns {{element: HTMLElement, notice: HTMLElement, showBot: (bot: object) => void, showInspector: (open: boolean) => void}}
 */
export function topBar({ strip, onAddPerson, onInspector, onHelp, onBotArrival }) {
  const bot = h("div", { class: "top-bar__bot" });
  const status = botStatus(onBotArrival);
  const addPerson = h("button", {
    type: "button", class: "icon-button icon-button--wide", i18n: { label: "add_person" }, dataset: { testid: "add-person" }, on: { click: onAddPerson },
  }, icon("add_person"), h("span", { class: "icon-button__text", i18n: { text: "add_person" } }));
  const inspector = iconButton(icon("inspector"), "toggle_inspector", {
    dataset: { testid: "inspector-toggle" }, "aria-pressed": "false", on: { click: onInspector },
  });
  const help = iconButton(icon("help"), "help", { class: "top-bar__switch", dataset: { testid: "help" }, on: { click: onHelp } });
  const element = h("header", { class: "top-bar" }, bot, strip,
    h("div", { class: "top-bar__actions" }, addPerson, inspector, layoutToggle(), languageToggle(), themeToggle(), help, switches(onHelp)));
  return {
    element,
    notice: status.notice,
    showBot: (profile) => {
      bot.replaceChildren(botAvatar(profile),
        h("div", { class: "top-bar__names" },
          h("h1", { class: "top-bar__name" }, h("span", {}, profile.first_name), h("span", { class: "tag", i18n: { text: "sandbox" } })),
          h("p", { class: "top-bar__username" }, `@${profile.username}`, status.element)));
      document.title = `${profile.first_name} · Sandbox`;
    },
    showInspector: (open) => inspector.setAttribute("aria-pressed", String(open)),
  };
}

function layoutToggle() {
  const button = iconButton(icon("columns"), "one_at_a_time", {
    class: "top-bar__switch", dataset: { testid: "layout-toggle" }, on: { click: toggleSingle },
  });
  const draw = () => {
    button.replaceChildren(icon(isSingle() ? "columns" : "single"));
    localise(button, { label: isSingle() ? "in_columns" : "one_at_a_time" });
  };
  document.addEventListener("layoutchange", draw);
  draw();
  return button;
}

const otherLanguage = () => (currentLanguage() === "en" ? "RU" : "EN");

function languageToggle() {
  const button = h("button", {
    type: "button", class: "icon-button icon-button--text top-bar__switch", i18n: { label: "switch_language" }, dataset: { testid: "language-toggle" },
    on: { click: toggleLanguage },
  }, otherLanguage());
  document.addEventListener("languageswitch", () => { button.textContent = otherLanguage(); });
  return button;
}

const otherTheme = () => (currentTheme() === "dark" ? "sun" : "moon");

function themeToggle() {
  const draw = () => button.replaceChildren(icon(otherTheme()));
  const button = iconButton(icon(otherTheme()), "switch_theme", {
    class: "top-bar__switch", dataset: { testid: "theme-toggle" }, on: { click: toggleTheme },
  });
  document.addEventListener("themeswitch", draw);
  onSystemThemeChange(draw);
  return button;
}

/** The switches in one menu, for a bar too narrow for all of them. */
function switches(onHelp) {
  const button = iconButton(icon("more"), "page_settings", {
    class: "top-bar__more", "aria-haspopup": "menu", dataset: { testid: "page-menu" },
    on: {
      click: () => openMenu(button, [
        { icon: "globe", i18n: { text: "switch_language" }, action: toggleLanguage },
        { icon: otherTheme(), i18n: { text: currentTheme() === "dark" ? "light_theme" : "dark_theme" }, action: toggleTheme },
        { icon: "help", i18n: { text: "help" }, action: onHelp },
      ]),
    },
  });
  return button;
}
