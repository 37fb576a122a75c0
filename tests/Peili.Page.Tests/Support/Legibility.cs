using Microsoft.Playwright;

namespace Peili.Page.Tests.Support;

/// <summary>Measures what text stands on what ground (WCAG 2.2, 1.4.3).</summary>
internal static class Legibility
{
    private const string Script =
        """
        () => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgba = (color) => {
            canvas.clearRect(0, 0, 1, 1);
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            return canvas.getImageData(0, 0, 1, 1).data;
          };
          const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = (element) => {
            for (let at = element; at; at = at.parentElement) {
              const color = rgba(getComputedStyle(at).backgroundColor);
              if (color[3] === 255) return color;
            }
            return rgba('white');
          };
          const low = new Map();
          for (const element of document.querySelectorAll('body *')) {
            const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
            if (!own || !element.checkVisibility() || element.closest('.visually-hidden, noscript, script, :disabled')) continue;
            const [a, b] = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) low.set(`${element.tagName}.${element.className}`, `${ratio.toFixed(2)} ${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 30)}"`);
          }
          return [...low.values()];
        }
        """;

    /// <summary>Texts with less than 4.5 : 1.</summary>
    public static Task<string[]> TooLowAsync(IPage page) => page.EvaluateAsync<string[]>(Script);
}
