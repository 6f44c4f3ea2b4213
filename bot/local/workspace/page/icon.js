/** Line icons, drawn here so that the page loads nothing from elsewhere. */

const NAMESPACE = "http://www.w3.org/2000/svg";

const PATHS = {
  menu: ["M4 7h16", "M4 12h16", "M4 17h16"],
  lock: ["M7 11V8a5 5 0 0 1 10 0v3", "M6 11h12v9H6z"],
  hash: ["M9.5 4 7.5 20", "M16.5 4l-2 16", "M4.5 9.5h15", "M4 14.5h15"],
  home: ["M4 11.5 12 5l8 6.5", "M6.5 10v9h11v-9", "M10.5 19v-5h3v5"],
  message: ["M4 5h16v11H11l-5 4v-4H4z"],
  send: ["M4 12 20 4l-5 16-3.5-6.5z", "M11.5 13.5 20 4"],
  smile: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M8.5 14.5c1.8 2.2 5.2 2.2 7 0", "M9 9.5v.5", "M15 9.5v.5"],
  reply: ["M10 6 4 11.5 10 17", "M4.5 11.5H14c3.5 0 6 2 6 6"],
  link: ["M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7", "M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 17"],
  pencil: ["M5 19l1-4L16.5 4.5l3 3L9 18z", "M14.5 6.5l3 3"],
  trash: ["M5 7h14", "M9.5 7V4.5h5V7", "M7 7l1 13h8l1-13"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  more: ["M5.5 12h.01", "M12 12h.01", "M18.5 12h.01"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  down: ["M6 9.5l6 6 6-6"],
  bolt: ["M13 3 5.5 13.5H11L10 21l8-11h-5.5z"],
  plus: ["M12 5v14", "M5 12h14"],
  people: ["M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z", "M3 20c0-4 2.5-6 6-6s6 2 6 6", "M16 4.5a3.5 3.5 0 0 1 0 6.5", "M18 14.5c2 .8 3 2.6 3 5.5"],
  eye: ["M3 12c4-7.5 14-7.5 18 0-4 7.5-14 7.5-18 0z", "M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"],
  up: ["M7 11v9H4v-9z", "M7 11l4-7c1.6 0 2.6 1 2.3 2.6L12.7 10H18c1.3 0 2.2 1 2 2.3l-1 5.8a2.2 2.2 0 0 1-2.2 1.9H7"],
  thumbdown: ["M17 13V4h3v9z", "M17 13l-4 7c-1.6 0-2.6-1-2.3-2.6l.6-3.4H6c-1.3 0-2.2-1-2-2.3l1-5.8A2.2 2.2 0 0 1 7.2 4H17"],
  sunrise: ["M4 18h16", "M7 18a5 5 0 0 1 10 0", "M12 9V5", "M5.5 11.5 7 13", "M18.5 11.5 17 13"],
};

/** @param {keyof PATHS} name @returns {SVGSVGElement} */
export function icon(name) {
  const drawing = document.createElementNS(NAMESPACE, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  for (const path of PATHS[name] ?? PATHS.more) {
    const line = document.createElementNS(NAMESPACE, "path");
    line.setAttribute("d", path);
    drawing.appendChild(line);
  }
  return drawing;
}

/** The page's own mark: a book with a ribbon. @returns {HTMLImageElement} */
export function mark() {
  const image = document.createElement("img");
  image.src = "/static/favicon.svg";
  image.alt = "";
  return image;
}
