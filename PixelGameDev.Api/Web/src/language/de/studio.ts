import type { Strings } from '../strings';

export const studio: Pick<
  Strings,
  'topBar' | 'saved' | 'conflict' | 'drafts' | 'files' | 'existing' | 'preview' | 'editor' | 'tabs' | 'splitters'
> = {
  topBar: {
    projectName: 'Name deines Spiels',
    run: 'Start',
    runHint: 'Dein Spiel starten (Strg+Enter)',
    restart: 'Neustart',
    restartHint: 'Speichern und neu starten (Strg+Enter)',
    stop: 'Stopp',
    stopHint: 'Das Spiel anhalten (Strg+.)',
  },

  saved: {
    saved: 'Gespeichert',
    saving: 'Speichert…',
    retrying: 'Speichert noch einmal…',
    refused: 'Nicht gespeichert',
    already: 'Schon gespeichert. Jede Taste, die du drückst, bleibt erhalten.',
    restored: 'Willkommen zurück! Was du letztes Mal geschrieben hast, ist wieder da.',
    keptHere: 'Nicht dein ganzer Text konnte gespeichert werden. Er bleibt in diesem Browser und ist wieder da, wenn du das Spiel öffnest.',
    refusedKept: (reason) => `${reason} Was du geschrieben hast, bleibt in diesem Browser.`,
    gameGone: 'Dieses Spiel wurde in einem anderen Fenster gelöscht. Was du geschrieben hast, bleibt in diesem Browser.',
    bringGameBack: 'Zurückholen',
    retryingNow: 'Gerade keine Verbindung. Deine Arbeit ist auf dieser Seite sicher und wird von selbst gespeichert.',
    retryingLater: (reason) => `${reason} Deine Arbeit ist auf dieser Seite sicher und wird von selbst gespeichert.`,
  },

  conflict: {
    ask: (path) => `${path} wurde auch in einem anderen Fenster geändert. Welchen Text willst du behalten?`,
    mine: 'In diesem Fenster',
    theirs: 'Im anderen Fenster',
    noLines: (line) => `Hier steht nichts (bei Zeile ${line}).`,
    moreLines: (count) => (count === 1 ? 'und noch 1 Zeile' : `und noch ${count} Zeilen`),
    keepMine: 'Meinen behalten',
    takeTheirs: 'Den anderen nehmen',
    keptMine: 'Deiner ist behalten.',
    tookTheirs: 'Hier ist der andere.',
  },

  drafts: {
    gone: (path) => `Das hast du früher in ${path} geschrieben, und es wurde nicht gespeichert. ${path} ist nicht mehr in deinem Spiel.`,
    older: (path) => `Das hast du auch in ${path} geschrieben, in einem anderen Fenster, und es wurde nicht gespeichert.`,
    keep: (name) => `Als ${name} behalten`,
    drop: 'Brauche ich nicht',
    noRoom: 'In diesem Browser ist kein Platz für eine Kopie deines Textes. Lass diese Seite offen, bis „Gespeichert“ da steht.',
  },

  files: {
    heading: 'Dateien',
    list: 'Dateien deines Spiels',
    add: 'Neue Datei',
    upload: 'Bilder oder Töne hinzufügen',
    uploadShort: 'Bild oder Ton hinzufügen',
    rename: (name) => `${name} umbenennen`,
    remove: (name) => `${name} löschen`,
    newName: 'Name der neuen Datei',
    renameTo: 'Neuer Name',
    newNamePlaceholder: 'gegner.py',
    removed: (name) => `${name} ist gelöscht.`,
    undo: 'Rückgängig',
    exists: (name) => `Es gibt schon eine Datei namens ${name}.`,
    keepEntry: (name) => `Dein Spiel fängt mit ${name} an, darum bleibt die Datei.`,
    start: 'Hier fängt dein Spiel an',
    drop: 'Lass los! Bilder, Töne und .py-Dateien kommen in dein Spiel.',
    uploaded: (count, first) => (count === 1 ? `${first} ist in deinem Spiel.` : `${count} Dateien sind in deinem Spiel.`),
    uploading: (name) => `${name} wird hinzugefügt…`,
    uploadedOver: (name) => `${name} ist jetzt in deinem Spiel und ersetzt die alte Datei.`,
    tooBig: (name) => `${name} ist zu groß. Eine Datei darf 5 MB haben.`,
    unreadable: (name) => `${name} konnte nicht gelesen werden. Ist das ein Ordner?`,
    changedElsewhere: (name) =>
      `${name} wurde gerade in einem anderen Fenster geändert. Hier siehst du den neuesten Stand. Versuch es noch einmal.`,
    goneElsewhere: (name) => `${name} wurde in einem anderen Fenster gelöscht oder umbenannt.`,
    loading: 'Wird geöffnet…',
  },

  existing: {
    title: 'Die gibt es schon',
    ask: (name) => `Dein Spiel hat schon eine Datei namens ${name}. Was möchtest du tun?`,
    replace: 'Ersetzen',
    both: (name) => `Beide behalten: als ${name} hinzufügen`,
    cancel: 'Nicht hinzufügen',
    forAll: (count) => (count === 1 ? 'Bei 1 weiteren Datei auch so' : `Bei ${count} weiteren Dateien auch so`),
  },

  preview: {
    useIt: 'So benutzt du es in deinem Code:',
    copy: 'Kopieren',
    copied: 'Kopiert',
    picture: (width, height) => `${width} × ${height} Pixel`,
    none: 'Diese Datei kann hier nicht gezeigt werden.',
  },

  editor: {
    label: (file) => `Code von ${file}`,
    keys: 'Beim Schreiben rückt Tab die Zeile nach rechts. Um den Code zu verlassen, drücke Escape und dann Tab.',
    errorMark: 'Fehler in dieser Zeile',
    phrases: {
      Find: 'Suchen',
      Replace: 'Ersetzen durch',
      next: 'Weiter',
      previous: 'Zurück',
      all: 'Alle',
      'match case': 'Groß/klein beachten',
      'by word': 'Ganze Wörter',
      regexp: 'Muster',
      replace: 'Ersetzen',
      'replace all': 'Alle ersetzen',
      close: 'Schließen',
    },
  },

  tabs: { label: 'Teile der Seite', code: 'Code', play: 'Spielen', console: 'Konsole' },

  splitters: { columns: 'Breite von Code und Spiel', rows: 'Höhe von Spiel und Konsole' },
};
