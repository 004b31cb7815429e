/**
 * Lets files be dropped on an element, which carries `data-dropping` while they hover over it.
 * @param {HTMLElement} element
 * @param {() => boolean} isOpen whether files can be taken now
 * @param {(files: File[]) => void} onFiles
 */
export function acceptDrops(element, isOpen, onFiles) {
  let depth = 0; // entering a child comes before leaving its parent
  const enter = (to) => {
    depth = to;
    element.toggleAttribute("data-dropping", depth > 0);
  };
  const carriesFiles = ({ dataTransfer }) => dataTransfer.types.includes("Files");
  element.addEventListener("dragenter", (event) => carriesFiles(event) && isOpen() && enter(depth + 1));
  element.addEventListener("dragleave", () => enter(Math.max(0, depth - 1)));
  element.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  element.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    enter(0);
    const files = [...event.dataTransfer.files];
    if (isOpen() && files.length) onFiles(files);
  });
}
