// Runs before the page is drawn, so that it never flashes in the other theme.
(() => {
  const key = 'peili-theme';
  const root = document.documentElement;

  function remembered() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be forbidden; the system's theme is then all there is
    }
  }

  function remember(theme) {
    try {
      localStorage.setItem(key, theme);
    } catch {
      root.dataset.themeUnsaved = 'true';
    }
  }

  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const shown = () => root.dataset.theme ?? (prefersDark.matches ? 'dark' : 'light');
  const saved = remembered();
  if (saved === 'dark' || saved === 'light') root.dataset.theme = saved;

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    const label = () => {
      const other = shown() === 'dark' ? 'light' : 'dark';
      button.setAttribute('aria-label', `Switch to the ${other} theme`);
      button.title = button.getAttribute('aria-label');
    };
    button.addEventListener('click', () => {
      root.dataset.theme = shown() === 'dark' ? 'light' : 'dark';
      remember(root.dataset.theme);
      label();
    });
    prefersDark.addEventListener('change', label);
    label();
  });
})();
