// Runs before the first paint, so that a remembered theme doesn't flash. The rest is theme.js.
try {
  const remembered = localStorage.getItem("sandbox.theme");
  if (remembered === "light" || remembered === "dark") {
    document.documentElement.dataset.theme = remembered;
  }
} catch {
  // Storage may be forbidden: the system's theme is used.
}
