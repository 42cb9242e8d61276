namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>The contents of a window, read at one moment.</summary>
/// <param name="There">False without a page: on a browser's own error page, or before the page has loaded.</param>
/// <param name="Ready">True when a project is open and ready for work.</param>
/// <param name="Project">The id of the open project, from the address.</param>
/// <param name="File">The path of the file in the editor; null without an editor or with a picture.</param>
/// <param name="Text">The text in the editor.</param>
/// <param name="Saved">The state next to the project's name: saved, saving, retrying, refused.</param>
/// <param name="Conflict">The question which of two texts to keep; null when it is not shown.</param>
/// <param name="Offer">A text of an earlier visit that has no place, with the question whether to keep it; null when it is not
/// shown.</param>
/// <param name="Failed">True when the page could not load and says so.</param>
/// <param name="Dialog">True while a dialog or a menu is open.</param>
/// <param name="TakesKeys">True when the editor takes typed text.</param>
/// <param name="Asking">The number of pending requests.</param>
/// <param name="Files">The names in the list of files.</param>
/// <param name="Toasts">Messages at the edge of the page.</param>
internal sealed record PageLook(
    bool There,
    bool Ready,
    string? Project,
    string? File,
    string? Text,
    string? Saved,
    string? Conflict,
    string? Offer,
    bool Failed,
    bool Dialog,
    bool TakesKeys,
    int Asking,
    string[] Files,
    string[] Toasts)
{
    public static PageLook Nothing { get; } = new(false, false, null, null, null, null, null, null, false, false, false, 0, [], []);
}

/// <summary>Runs in each window before the page's own scripts, so that one call reads the whole state.</summary>
internal static class PageScript
{
    /// <remarks>
    /// The editor's elements contain only the visible lines. CodeMirror keeps its view at its element, and the view has the whole text.
    /// </remarks>
    public const string Text = """
        const ask = window.fetch;
        let asking = 0;
        window.fetch = (...what) => {
          asking++;
          return ask(...what).finally(() => { asking--; });
        };
        window.journey = {
          content: () => document.querySelector('.editor-host')?.shadowRoot?.querySelector('.cm-content') ?? null,
          shownText(selector) {
            const bar = document.querySelector(selector);
            return bar === null || bar.hidden ? null : bar.textContent;
          },
          look() {
            const content = this.content();
            const view = (content?.cmTile ?? content?.cmView)?.view;
            const shown = content !== null && content.checkVisibility();
            const label = content?.getAttribute('aria-label') ?? '';
            const file = shown && label.startsWith('Code of ') ? label.slice(8) : null;
            const run = document.querySelector('[data-testid=run]');
            const project = /^\/projects\/([\w-]+)/.exec(location.pathname)?.[1] ?? null;
            const files = [...document.querySelectorAll('.file-open')].map((button) => button.dataset.path);
            return {
              there: document.querySelector('#app .app') !== null,
              ready: project !== null && run !== null && !run.disabled && files.length > 0,
              project, file,
              text: file === null ? null : view.state.doc.toString(),
              saved: document.querySelector('[data-testid=saved]')?.dataset.state ?? null,
              conflict: this.shownText('[data-testid=conflict]'),
              offer: this.shownText('[data-testid=draft-offer]'),
              failed: document.querySelector('.load-error') !== null,
              dialog: document.querySelector('dialog[open], .menu') !== null,
              takesKeys: file !== null && content.isContentEditable && !view.state.readOnly,
              asking,
              files,
              toasts: [...document.querySelectorAll('[data-testid=toast] > span')].map((toast) => toast.textContent),
            };
          },
          click(selector, index = 0) {
            const found = [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility({ visibilityProperty: false }));
            if (found.length === 0) return false;
            found[index % found.length].click();
            return true;
          },
          focusCode() {
            const content = this.content();
            if (content === null || !content.checkVisibility()) return false;
            content.focus();
            return true;
          },
          async drafts() {
            const kept = Object.entries(localStorage).map(([key, value]) => `${key}\n${value}`);
            for (const { name } of await indexedDB.databases()) {
              const db = await new Promise((resolve, reject) => {
                const asked = indexedDB.open(name);
                asked.onsuccess = () => resolve(asked.result);
                asked.onerror = () => reject(asked.error);
              });
              for (const store of db.objectStoreNames) {
                const all = (ask) => new Promise((resolve, reject) => {
                  const asked = ask(db.transaction(store, 'readonly').objectStore(store));
                  asked.onsuccess = () => resolve(asked.result);
                  asked.onerror = () => reject(asked.error);
                });
                const keys = await all((objects) => objects.getAllKeys());
                const values = await all((objects) => objects.getAll());
                keys.forEach((key, at) => kept.push(`${JSON.stringify(key)}\n${JSON.stringify(values[at])}`));
              }
              db.close();
            }
            return kept;
          },
        };
        """;
}
