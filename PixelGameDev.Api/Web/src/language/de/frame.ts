import type { Strings } from '../strings';

export const frame: Pick<
  Strings,
  | 'title'
  | 'menu'
  | 'dialog'
  | 'toast'
  | 'missingPart'
  | 'games'
  | 'templates'
  | 'trash'
  | 'account'
  | 'keys'
  | 'view'
  | 'notFound'
  | 'errors'
  | 'statuses'
> = {
  title: 'PixelGameDev',

  menu: {
    label: 'Menü',
    games: 'Spiel öffnen',
    newGame: 'Neues Spiel',
    gallery: 'Galerie',
    share: 'Spiel teilen',
    history: 'Frühere Versionen',
    recordings: 'Aufnahmen',
    theme: 'Farben',
    themeAuto: 'Wie mein Gerät',
    themeLight: 'Papier',
    themeDark: 'Nacht',
    language: 'Sprache',
    keys: 'Tasten',
    storage: (used, quota) => `Deine Spiele brauchen ${used} von ${quota}`,
    storageNearlyFull: 'Fast voll. Lösche, was du nicht mehr brauchst.',
    storageOver: 'Mehr, als Platz ist. Nichts geht verloren, aber lösche etwas, bevor du mehr speicherst.',
  },

  dialog: { close: 'Schließen' },
  toast: { close: 'Schließen' },
  missingPart: 'Ein Teil dieser Seite konnte nicht geholt werden. Nichts, was du getippt hast, geht verloren.',

  games: {
    all: 'Alle meine Spiele',
    open: 'jetzt offen',
    lastChange: (when) => `geändert ${when}`,
    remove: (name) => `„${name}“ löschen`,
    removeAsk: (name) => `„${name}“ mit allen Dateien löschen? Du kannst es 30 Tage lang zurückholen.`,
    removeYes: 'Löschen',
    removeNo: 'Behalten',
    removed: (name) => `${name} ist gelöscht.`,
  },

  templates: {
    title: 'Ein neues Spiel anfangen',
    hint: 'Such dir etwas aus, womit du anfangen willst. Du kannst alles ändern.',
    none: 'Die Spiele zum Anfangen konnten nicht geladen werden.',
  },

  trash: {
    entry: 'Gelöschte Spiele',
    games: 'Gelöschte Spiele',
    files: 'Gelöschte Dateien',
    hint: 'Du kannst alles 30 Tage lang zurückholen.',
    noGames: 'Du hast in den letzten 30 Tagen kein Spiel gelöscht.',
    noFiles: 'Du hast in den letzten 30 Tagen keine Datei dieses Spiels gelöscht.',
    deleted: (when) => `gelöscht ${when}`,
    replaced: (when) => `ersetzt ${when}`,
    expires: (days) => (days === 1 ? 'noch 1 Tag' : `noch ${days} Tage`),
    restore: 'Zurückholen',
    restoreNamed: (name) => `${name} zurückholen`,
    restored: (name) => `${name} ist wieder da.`,
    remove: 'Für immer löschen',
    removeNamed: (name) => `${name} für immer löschen`,
    removeAsk: (name) => `„${name}“ für immer löschen? Danach kann es niemand mehr zurückholen.`,
    keep: 'Behalten',
  },

  account: {
    signUp: {
      entry: 'Spiele behalten: Konto anlegen',
      title: 'Meine Spiele behalten',
      hint: 'Mit einem Namen und einem Passwort findest du deine Spiele an jedem Computer wieder. Nimm einen Namen, der nicht verrät, wer du bist.',
      submit: 'Konto anlegen',
      other: 'Ich habe schon ein Konto',
    },
    signIn: {
      entry: 'Anmelden',
      title: 'Anmelden',
      hint: 'Mit dem Namen und dem Passwort deines Kontos.',
      submit: 'Anmelden',
      other: 'Ich brauche ein Konto',
    },
    signOut: (name) => `${name} abmelden`,
    settings: 'Mein Konto',
    admin: 'Verwaltung',
    name: 'Name',
    password: 'Passwort (mindestens 8 Zeichen)',
    showPassword: 'Zeigen, was getippt ist',
    hidePassword: 'Verbergen, was getippt ist',
    kept: (name) => `Hallo ${name}! Deine Spiele bleiben jetzt bei dir.`,
    changedElsewhere:
      'Du hast dich in einem anderen Fenster abgemeldet, oder jemand anderes hat sich angemeldet. Was du hier schreibst, kann nicht mehr gespeichert werden.',
    loadAgain: 'Seite neu laden',
  },

  keys: {
    title: 'Tasten',
    list: [
      ['Strg + Enter', 'Dein Spiel starten'],
      ['Strg + .', 'Dein Spiel anhalten'],
      ['Strg + S', 'Ist immer schon gespeichert'],
      ['Alt + W', 'Die offene Datei schließen. Sie bleibt in deinem Spiel.'],
      ['F11', 'Spiel im Vollbild'],
      ['Esc, Esc', 'Aus dem Spiel zurück zu deinem Code'],
      ['Esc', 'Die Maus von einem Spiel zurückholen, das sich mit ihr umsieht'],
      ['Tab', 'Beim Schreiben: die Zeile nach rechts rücken'],
      ['Esc, dann Tab', 'Deinen Code ohne Maus verlassen'],
      ['Strg + F', 'In deinem Code suchen'],
      ['Strg + H', 'Suchen und ersetzen'],
      ['F3', 'Das Nächste suchen'],
      ['Strg + G', 'Zu einer Zeile gehen'],
      ['Strg + Leertaste', 'Zeigen, was hier stehen kann'],
      ['Strg + I', 'Das Wort am Cursor erklären'],
      ['F8', 'Zur nächsten Markierung'],
      ['Strg + /', 'Aus einer Zeile einen Kommentar machen'],
      ['Strg + Z', 'Rückgängig'],
      ['?', 'Diese Liste'],
    ],
  },

  view: {
    title: 'Größe des Codes',
    size: 'Schrift des Codes',
    smaller: 'Kleinere Schrift',
    larger: 'Größere Schrift',
    usual: 'Wie immer',
    wrap: 'Lange Zeilen umbrechen, damit nichts abgeschnitten ist',
    files: 'Dateien als Reihe über dem Code',
    projector: 'Beamer: alles groß, kräftige Farben',
    hint: 'Dieser Browser merkt es sich. Strg und + macht die ganze Seite größer.',
  },

  notFound: {
    game: { title: 'Das ist keins von deinen Spielen', text: 'Es gehört jemand anderem, oder es gibt es nicht mehr.' },
    page: { title: 'Hier ist nichts', text: 'Ist die Adresse richtig geschrieben?' },
    home: 'Zu meinen Spielen',
    signIn: 'Anmelden',
  },

  errors: {
    offline: 'Der Server ist gerade nicht zu erreichen.',
    loading: 'Die Seite konnte nicht geladen werden.',
    tryAgain: 'Noch einmal versuchen',
  },

  statuses: {
    notFound: 'Das gibt es nicht mehr.',
    tooLarge: 'Das ist zu groß.',
    tooFast: 'Das war ein bisschen zu schnell. Warte kurz und versuch es noch einmal.',
    busy: 'Gerade ist kein Platz frei, oder der Server macht kurz Pause. Versuch es gleich noch einmal.',
    broken: 'Bei uns ist etwas kaputtgegangen. Versuch es gleich noch einmal.',
    other: 'Das hat nicht geklappt.',
  },
};
