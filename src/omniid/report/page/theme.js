(() => {
  try {
    const chosen = localStorage.getItem("omniid-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch { /* a browser that keeps nothing for files shows the system's theme */ }
})();
