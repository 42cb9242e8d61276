import type { MoreWords } from '../moreWords';
import { germanRecordings } from './recordings';

/** Words of the history of a game, of its recordings, and of the page of all games, in German. */
export const germanMore: MoreWords = {
  history: {
    title: 'Frühere Versionen dieses Spiels',
    hint: 'Dein Spiel, wie es früher war. Beim Zurückgehen geht nichts verloren: Was du jetzt hast, bleibt auch hier.',
    empty: 'Es gibt noch keine frühere Version. Drücke Start, dann wird eine aufgehoben.',
    reasons: {
      begin: 'So hat es angefangen',
      run: 'Du hast Start gedrückt',
      pause: 'Du hast Pause gemacht',
      before_replace: 'Bevor eine Datei ersetzt wurde',
      before_restore: 'Bevor du zurückgegangen bist',
      restore: 'Du bist zurückgegangen',
    },
    restoredFile: (path) => `Du hast ${path} zurückgeholt`,
    changed: (first, others) =>
      others === 0
        ? `${first} ist anders`
        : others === 1
          ? `${first} und 1 weitere sind anders`
          : `${first} und ${others} weitere sind anders`,
    picture: 'Das letzte Bild dieser Version',
    older: 'Ältere zeigen',
    back: 'Alle Versionen',
    same: 'Dein Spiel ist jetzt genauso.',
    states: {
      same: 'genau wie jetzt',
      changed: 'jetzt anders',
      gone: 'jetzt nicht mehr im Spiel',
      new: 'gab es noch nicht',
    },
    restoreAll: 'Dahin zurück',
    restoreFirst: 'Zurück zum Anfang',
    restoreFile: (path) => `Nur ${path} zurückholen`,
    restoreShort: 'Zurückholen',
    show: (path) => `Zeigen, was in ${path} anders ist`,
    showShort: 'Was ist anders?',
    past: 'damals',
    now: 'jetzt',
    skipped: (lines) => (lines === 1 ? '1 Zeile ist gleich' : `${lines} Zeilen sind gleich`),
    done: 'Dein Spiel ist wieder wie damals.',
    doneFile: (path) => `${path} ist wieder wie damals.`,
    nothing: 'Genau das hast du schon.',
    undo: 'Rückgängig',
  },

  projects: {
    title: 'Alle meine Spiele',
    search: 'Spiel suchen',
    none: 'Kein Spiel heißt so.',
    newGame: 'Neues Spiel',
    addFiles: 'ZIP oder Dateien hinzufügen',
    addFolder: 'Ordner hinzufügen',
    drop: 'Lass los! Jede ZIP-Datei und jeder Ordner wird ein Spiel. Einzelne Dateien werden zusammen ein Spiel.',
    unnamed: 'Mein neues Spiel',
    deleted: 'Gelöschte Spiele',
    picture: (name) => `Letztes Bild von ${name}`,
    openNamed: (name) => `${name} öffnen`,
    more: (name) => `Was du mit ${name} tun kannst`,
    rename: 'Umbenennen',
    newName: (name) => `Neuer Name für ${name}`,
    move: 'In einen Ordner legen',
    folderOf: (name) => `Ordner von ${name}`,
    folderHint: 'Schreib den Namen eines Ordners. Lass das Feld leer, wenn das Spiel in keinem Ordner liegen soll.',
    copy: 'Kopie machen',
    copyOf: (name) => `${name} (Kopie)`,
    copied: (name) => `${name} wurde hinzugefügt.`,
    download: 'Als ZIP-Datei herunterladen',
    downloadHint: 'Auf einem Computer mit Python und pygame: auspacken, dann main.py starten.',
    pygbag: 'Für pygbag herunterladen (experimentell)',
    pygbagHint: 'pygbag macht aus deinem Spiel eine Webseite. In README-pygbag.txt steht, was du vorher von Hand änderst.',
    start: 'Startdatei wählen',
    startTitle: (name) => `Welche Datei startet ${name}?`,
    starts: (path) => `${path} startet jetzt das Spiel.`,
    remove: 'Löschen',
    files: (files, size) => (files === 1 ? `1 Datei, ${size}` : `${files} Dateien, ${size}`),
    importing: (name) => `${name} wird hinzugefügt …`,
    imported: (name) => `${name} wurde hinzugefügt.`,
    notImported: (name, reason) => `${name} wurde nicht hinzugefügt. ${reason}`,
    leftOutTitle: 'Einige Dateien fehlen',
    leftOutHint: (name) => `${name} wurde hinzugefügt. Diese Dateien konnten nicht übernommen werden:`,
    openImported: 'Spiel öffnen',
  },

  recordings: germanRecordings,
};
