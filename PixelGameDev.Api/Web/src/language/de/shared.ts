import type { SharedWords } from '../sharedWords';

export const germanShared: SharedWords = {
  sharedGame: {
    by: (maker) => `von ${maker}`,
    howToPlay: 'So wird gespielt',
    play: 'Spielen',
    stop: 'Stopp',
    code: 'Code ansehen',
    codeOf: (title) => `Der Code von ${title}`,
    codeHint: 'Hier kannst du ihn lesen. Wenn du etwas ändern willst, mach dir eine eigene Kopie.',
    noText: 'Diese Datei ist ein Bild, ein Ton oder enthält andere Daten.',
    copy: 'Eigene Kopie machen',
    own: 'Eigene Spiele machen',
    openPage: 'Seite dieses Spiels öffnen',
    signIn: 'Anmelden',
    asks: 'Das Spiel fragt:',
    ends: {
      finished: { title: 'Ende!', text: 'Das Spiel ist zu Ende.' },
      stopped: { title: 'Angehalten', text: 'Du hast das Spiel angehalten.' },
      crashed: { title: 'Ups, ein Fehler!', text: 'Das Spiel endete wegen eines Fehlers im Code. Sag es der Person, die es gemacht hat.' },
      time_limit: { title: 'Die Zeit ist um', text: 'Das Spiel lief sehr lange und wurde angehalten.' },
      idle: { title: 'Schläft', text: 'Niemand hat zugesehen, deshalb wurde das Spiel angehalten.' },
      other: { title: 'Das Spiel ist zu Ende', text: 'Du kannst es noch einmal spielen.' },
    },
    ended: {
      title: 'Dieser Link ist abgelaufen',
      text: 'Er galt bis zu einem bestimmten Tag, und der ist vorbei. Frag die Person, die ihn geschickt hat, nach einem neuen.',
    },
    gone: {
      title: 'Hier ist kein Spiel',
      text: 'Der Link wurde zurückgenommen, oder es gab ihn nie. Ist er richtig geschrieben?',
    },
    failed: 'Das Spiel konnte nicht geladen werden',
  },
  watch: {
    plays: (player) => `${player} spielt, und du schaust zu`,
    live: 'Jetzt gerade',
    sound: 'Ton einschalten',
    waiting: 'Das Bild ist unterwegs',
    ended: { title: 'Das Spiel ist zu Ende', text: 'Frag die Person, die gespielt hat, nach einer neuen Einladung.' },
    gone: {
      title: 'Hier gibt es nichts zu sehen',
      text: 'Die Einladung wurde zurückgenommen, oder es gab nie eine. Ist sie richtig geschrieben?',
    },
    failed: 'Das Spiel konnte nicht geladen werden',
  },
};
