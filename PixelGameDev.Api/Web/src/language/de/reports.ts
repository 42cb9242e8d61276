import type { ReportWords } from '../reportWords';

export const germanReports: ReportWords = {
  reasons: {
    unkind: 'Es ist gemein zu jemandem',
    scary: 'Es macht Angst oder zeigt Gewalt',
    adult: 'Es ist nichts für Kinder',
    private: 'Es zeigt einen Namen, ein Foto oder eine Adresse',
    copied: 'Es ist abgeschaut, ohne zu sagen, von wem',
    other: 'Etwas anderes',
  },

  report: {
    title: (game) => `„${game}“ melden`,
    hint: 'Die Leute, die sich um diesen Server kümmern, sehen deine Meldung. Niemand erfährt, dass sie von dir ist, auch nicht die Person, die das Spiel gemacht hat.',
    reason: 'Was stimmt nicht mit diesem Spiel?',
    details: 'Was sollen sie noch wissen?',
    send: 'Meldung abschicken',
    sent: 'Danke. Jemand sieht sich das Spiel an.',
  },

  takenDown: {
    title: 'Dieses Spiel wurde gesperrt',
    text: 'Die Leute, die sich um diesen Server kümmern, haben es aus der Galerie genommen. Seine Links gehen nicht, und du kannst keine neuen machen. Nur du siehst es noch.',
    reason: (reason) => `Der Grund: ${reason}.`,
    note: 'Sie schreiben:',
    next: 'Du kannst es weiter spielen und ändern. Wenn etwas nicht stimmt, ändere es und bitte sie dann, das Spiel wieder freizugeben.',
  },

  queue: {
    title: 'Meldungen',
    open: 'Offen',
    settled: 'Entschieden',
    noneOpen: 'Kein Spiel wartet auf eine Entscheidung.',
    noneSettled: 'Es ist noch nichts entschieden.',
    reports: (count) => (count === 1 ? '1 Meldung' : `${count} Meldungen`),
    others: (count) => `und ${count} mehr`,
    by: (maker) => `von ${maker}`,
    picture: (title) => `Bild von ${title}`,
    look: 'Spiel öffnen',
    remixes: (count) =>
      count === 1
        ? 'In der Galerie ist 1 Remix davon. Sieh ihn dir auch an:'
        : `In der Galerie sind ${count} Remixe davon. Sieh sie dir auch an:`,
    noLink: 'Der Link wurde zurückgenommen.',
    decide: (title) => `Über ${title} entscheiden`,
    reason: 'Grund',
    note: 'Notiz. Sie steht im Protokoll; wenn du das Spiel sperrst, liest sie auch, wem es gehört.',
    keep: 'Behalten',
    takeDown: 'Sperren',
    giveBack: 'Wieder freigeben',
    isDown: (when) => `Gesperrt am ${when}`,
    kept: (title) => `„${title}“ bleibt. Die Meldungen sind geschlossen.`,
    taken: (title) => `„${title}“ ist gesperrt.`,
    given: (title) => `„${title}“ ist wieder da.`,
  },
};
