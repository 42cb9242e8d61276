import type { ErrorWords } from '../errorWords';

/** Words about the files that a game has saved, in German. */
export const saves: ErrorWords['saves'] = {
  title: 'Von deinem Spiel gespeichert',
  hint: 'Diese Dateien hat dein Spiel geschrieben, und der nächste Start bekommt sie wieder. Sie gehören nur dir: Wer sonst spielt, beginnt ohne sie.',
  none: 'Dein Spiel hat noch nichts gespeichert. Wenn es eine Datei schreibt, zum Beispiel eine Bestenliste, findest du sie hier.',
  unused: 'Nicht benutzt: Du hast diese Datei in deinem Spiel seitdem geändert.',
  room: (used, most) => `${used} von ${most} belegt`,
  size: { bytes: (size) => `${size} Byte`, kilobytes: (size) => `${size} KB` },
  show: (name) => `${name} ansehen`,
  hide: (name) => `${name} zuklappen`,
  noText: 'Diese Datei ist kein Text, deshalb kann sie nicht gezeigt werden. Du kannst sie herunterladen.',
  cut: 'Das ist der Anfang. Lade die Datei herunter, um alles zu sehen.',
  download: (name) => `${name} herunterladen`,
  resetOne: (name) => `${name} zurücksetzen`,
  resetAll: 'Alles zurücksetzen',
  askOne: (name) => `Vergessen, was dein Spiel in ${name} gespeichert hat? Das kann man nicht rückgängig machen.`,
  askAll: 'Alles vergessen, was dein Spiel gespeichert hat? Der nächste Start beginnt wie der erste. Das kann man nicht rückgängig machen.',
  keep: 'Behalten',
  reset: 'Zurücksetzen',
  notKept: {
    size: (name) => `${name} ist zu groß, um bis zum nächsten Start zu bleiben: Alle gespeicherten Dateien zusammen können 1 MB haben.`,
    space: (name) =>
      `${name} bleibt nicht bis zum nächsten Start: Dein Speicherplatz ist voll. Lösche Dateien oder Spiele, die du nicht mehr brauchst.`,
    files: (name) => `${name} bleibt nicht bis zum nächsten Start: Ein Spiel kann 64 Dateien behalten.`,
    name: (name) => `${name} bleibt nicht bis zum nächsten Start: Im Namen sind Zeichen, die nicht gehen.`,
    code: (name) =>
      `${name} bleibt nicht bis zum nächsten Start: Ein Spiel kann keine Python-Dateien behalten. Schreibe Daten in eine .txt- oder .json-Datei.`,
  },
  moreNotKept: (count) => (count === 1 ? 'Noch 1 weitere Datei bleibt nicht.' : `Noch ${count} weitere Dateien bleiben nicht.`),
};
