const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a 24-unit grid; those in `filled` are painted, the others stroked. */
const paths = {
  add_person: "M15.5 20c0-3.600-2.800-6-6.250-6S3 16.400 3 20M9.250 10.500a3.750 3.750 0 1 0 0-7.500 3.750 3.750 0 0 0 0 7.500M18.500 7.500v6M15.500 10.500h6",
  arrow_down: "M12 5v14M6 13l6 6 6-6",
  attach: "m20 11.500-8.300 8.300a5.300 5.300 0 0 1-7.500-7.500l8.500-8.500a3.500 3.500 0 0 1 5 5l-8.400 8.400a1.750 1.750 0 0 1-2.500-2.500l7.700-7.700",
  audio: "M9 18V5.500l11-2V16M9 18a3 3 0 1 1-6 0 3 3 0 0 1 6 0M20 16a3 3 0 1 1-6 0 3 3 0 0 1 6 0",
  ban: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M5.800 5.800l12.400 12.400",
  call: "M4 12h15M13 6l6 6-6 6",
  check: "m5 12.500 4.500 4.500L19 7.500",
  chevron: "m9 5.500 6.500 6.500L9 18.500",
  clear: "M4 7h16M9.500 7V4.500h5V7M6.500 7l.8 12.500h9.400L17.500 7M10 11v5M14 11v5",
  close: "M6 6l12 12M18 6 6 18",
  columns: "M3.500 5.500h17v13h-17zM9.200 5.500v13M14.800 5.500v13",
  contact: "M4 5.500h16v13H4zM9 12.200a1.900 1.900 0 1 0 0-3.800 1.900 1.900 0 0 0 0 3.800M6 16c.4-1.600 1.600-2.400 3-2.400s2.600.8 3 2.400M15 10h2.500M15 13.500h2.500",
  copy: "M9 9h11v11H9zM5.500 15H4V4h11v1.500",
  download: "M12 4v11M7 10.500l5 5 5-5M5 20h14",
  edit: "M4 20l.8-4L16.500 4.300a1.800 1.800 0 0 1 2.600 0l.6.6a1.800 1.800 0 0 1 0 2.600L8 19.200zM14.500 6.500l3 3",
  external: "M8 16 17 7M9.500 6.500H17.500V14.500",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  forward: "M14.500 6 20 11.500 14.500 17M19.500 11.500H10a6 6 0 0 0-6 6V19",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M3.500 12h17M12 3c2.500 2.600 3.700 5.600 3.700 9S14.500 18.400 12 21c-2.500-2.600-3.700-5.600-3.700-9S9.500 5.600 12 3",
  help: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9.500 9.600a2.600 2.600 0 1 1 3.600 2.400c-.8.3-1.100.8-1.100 1.800M12 17h.01",
  image: "M4 5h16v14H4zM4 16l4.500-4.500 4 4 2.500-2.500 5 5M15.500 9.500h.01",
  inspector: "m8 8-4 4 4 4M16 8l4 4-4 4M13.500 5l-3 14",
  keyboard: "M3.500 6.500h17v11h-17zM7 10h.01M10.300 10h.01M13.700 10h.01M17 10h.01M8 14h8",
  location: "M12 21s7-6.200 7-11.300A7 7 0 0 0 5 9.700C5 14.800 12 21 12 21M12 12.200a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5",
  menu: "M4.500 7h15M4.500 12h15M4.500 17h15",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500",
  more: "M12 5.500h.01M12 12h.01M12 18.500h.01",
  pause: "M8.500 5v14M15.500 5v14",
  play: "M8 5v14l11-7z",
  reply: "M9.500 6 4 11.500 9.500 17M4.500 11.500H14a6 6 0 0 1 6 6V19",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M15.500 15.500 20 20",
  send: "M3.400 20.400 21 12.600a.7.7 0 0 0 0-1.200L3.400 3.600c-.6-.3-1.200.3-1 .9L4.300 11l9.200 1-9.200 1-1.900 6.500c-.2.6.4 1.200 1 .9z",
  share: "M14 5l6 6-6 6M20 11h-9a7 7 0 0 0-7 7v1",
  single: "M7 5.500h10v13H7zM3.500 8v8M20.500 8v8",
  sticker: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M8.500 14.200c.8 1.300 2 2 3.500 2s2.700-.7 3.500-2M9 9.500h.01M15 9.500h.01",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
  update: "M20 12H5M11 6l-6 6 6 6",
  video: "M3.500 6.500h12v11h-12zM15.500 10.500l5-3v9l-5-3",
  voice: "M12 14.500a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5.500a3 3 0 0 0 3 3M6 11.500a6 6 0 0 0 12 0M12 17.500V21",
};
const filled = new Set(["send", "play"]);
const bold = new Set(["more"]);

/**
 * An icon, hidden from screen readers: what it stands on carries the name.
 * @param {keyof typeof paths} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon${filled.has(name) ? " icon--filled" : ""}${bold.has(name) ? " icon--bold" : ""}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}
