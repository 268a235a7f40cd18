/// <reference lib="dom" />
const themes = ["auto", "light", "dark"] as const;

type Theme = (typeof themes)[number];

const titles: Record<Theme, string> = { auto: "◐ Auto", light: "☀ Light", dark: "☾ Dark" };
const KEY = "dualize-theme";

/** Light, dark, or as the system has it: kept where the browser keeps anything. */
export function startTheme(button: HTMLButtonElement): void {
  let theme = kept();
  const show = () => {
    button.textContent = titles[theme];
    button.setAttribute("aria-label", `Colours: ${theme}`);
    document.documentElement.dataset.theme = theme;
  };
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    keep(theme);
    show();
  });
  show();
}

function kept(): Theme {
  try {
    const theme = localStorage.getItem(KEY);
    return themes.find((t) => t === theme) ?? "auto";
  } catch {
    return "auto";
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser may forbid it; the choice then lasts as long as the page.
  }
}
