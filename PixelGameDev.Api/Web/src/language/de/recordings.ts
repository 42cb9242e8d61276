import type { englishRecordings } from '../en/recordings';

/** Words of the recordings of a game in German. */
export const germanRecordings: typeof englishRecordings = {
  title: 'Aufnahmen von diesem Spiel',
  hint: (seconds) =>
    `Die ersten ${seconds} Sekunden eines Spiels werden von selbst aufgenommen. Mit dem roten Knopf neben dem Ton nimmst du auf, was jetzt kommt.`,
  off: 'Auf diesem Server werden Spiele nicht aufgenommen. Was du behalten hast, bleibt.',
  none: 'Du hast noch keine Aufnahme behalten.',
  keepLast: 'Das letzte Spiel behalten',
  kept: 'Die Aufnahme ist gespeichert.',
  open: 'Zeigen',
  record: (seconds) => `Die nächsten ${seconds} Sekunden aufnehmen`,
  recording: (left) => `Aufnahme läuft, noch ${left} Sekunden. Drücke, um sie jetzt zu behalten.`,
  label: 'Eine Aufnahme von deinem Spiel',
  replay: {
    play: 'Aufnahme abspielen',
    pause: 'Aufnahme anhalten',
    loading: 'Wird geladen …',
    broken: 'Diese Aufnahme ist beschädigt. Sie kann nicht gezeigt werden.',
  },
  watch: (when) => `Die Aufnahme von ${when} zeigen`,
  details: (seconds, size) => `${seconds} s lang, ${size}`,
  shown: 'Zeigt dein Spiel',
  show: 'Soll dein Spiel zeigen',
  hide: 'Nicht mehr zeigen',
  gif: 'Als GIF herunterladen',
  making: (percent) => `Das GIF entsteht … ${percent} %`,
  cancel: 'Abbrechen',
  noGif: 'Dieser Browser konnte das GIF nicht machen. Versuche es in einem anderen Browser.',
  remove: (when) => `Die Aufnahme von ${when} löschen`,
  ask: 'Diese Aufnahme endgültig löschen?',
  askYes: 'Löschen',
  askNo: 'Behalten',
  fileName: 'spiel',
};
