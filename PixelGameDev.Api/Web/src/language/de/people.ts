import type { PeopleWords } from '../peopleWords';

export const germanPeople: PeopleWords = {
  signIn: {
    bringTitle: 'Auf diesem Computer sind Spiele',
    bring: 'Das sind meine: mitnehmen',
    leave: 'Das sind nicht meine: hier lassen',
    games: (names, others) => (others === 0 ? names : others === 1 ? `${names} und noch 1` : `${names} und noch ${others}`),
    provider: (name) => `Anmelden mit ${name}`,
    invitation: 'Code deiner Einladung',
    closed: 'Auf diesem Server kannst du nicht selbst ein Konto anlegen. Frag deine Lehrkraft oder die Person, die ihn betreibt.',
    newPassword: 'Dein neues Passwort (mindestens 8 Zeichen)',
    newPasswordHint: 'Das Passwort von deiner Karte gilt nur einmal. Denk dir ein neues aus, das nur du kennst.',
  },

  provider: {
    title: (name) => `Anmelden mit ${name}`,
    hint: (name) => `Verbinde dein Konto mit ${name}. Dann kannst du dich auch damit anmelden.`,
    link: (name) => `Mit ${name} verbinden`,
    linked: 'Deine Konten sind verbunden.',
    taken: 'Das Konto dort ist hier schon mit jemand anderem verbunden.',
    failed: 'Die Anmeldung hat nicht geklappt. Versuch es noch einmal.',
  },

  guestNote: {
    text: 'Deine Spiele sind nur in diesem Browser. Mit einem Konto findest du sie an jedem Computer.',
    action: 'Konto anlegen',
  },

  settings: {
    title: 'Mein Konto',
    back: 'Zurück zu meinen Spielen',
    guest: 'Du hast noch kein Konto. Deine Spiele sind nur in diesem Browser: Wenn ihn jemand leert, sind sie weg.',
    nobody: 'Dieser Server ist für Leute mit einem Konto.',
    makeAccount: 'Konto anlegen',
    signIn: 'Anmelden',
    signedInAs: (name) => `Du bist als ${name} angemeldet.`,
    storage: (used, quota) => `Deine Spiele brauchen ${used} von ${quota}.`,

    passwordTitle: 'Mein Passwort ändern',
    passwordHint: 'Alle anderen Computer, an denen du angemeldet bist, werden dann abgemeldet.',
    currentPassword: 'Dein jetziges Passwort',
    newPassword: 'Dein neues Passwort (mindestens 8 Zeichen)',
    changePassword: 'Passwort ändern',
    passwordChanged: 'Dein Passwort ist geändert.',

    everywhereTitle: 'Überall abmelden',
    everywhereHint: 'Wenn du vergessen hast, dich an einem anderen Computer abzumelden. Auch hier bist du dann abgemeldet.',
    everywhere: 'An allen Computern abmelden',

    exportTitle: 'Alles mitnehmen',
    exportHint: 'Eine Zip-Datei mit allen deinen Spielen, dem, was du zuletzt gelöscht hast, und allem, was der Server über dich weiß.',
    export: 'Alles herunterladen',

    freshTitle: 'An diesem Computer neu anfangen',
    freshHintGuest:
      'Für einen Computer, den auch andere benutzen. Wer als Nächstes kommt, findet hier keins von deinen Spielen, und niemand kann sie zurückholen.',
    freshHint:
      'Für einen Computer, den auch andere benutzen. Du wirst abgemeldet, und dieser Browser vergisst dich. Deine Spiele bleiben in deinem Konto.',
    fresh: 'Neu anfangen',
    freshAskGuest: 'Diese Spiele werden für immer gelöscht:',
    freshAsk: 'Abmelden und diesen Computer leeren? Was noch nicht gespeichert ist, geht verloren.',
    freshYes: 'Ja, neu anfangen',
    freshKeep: 'Nein, zurück',

    deleteTitle: 'Mein Konto löschen',
    deleteTitleGuest: 'Alles löschen',
    deleteHint: 'Alle deine Spiele und alles, was der Server über dich weiß, wird sofort gelöscht. Niemand kann es zurückholen.',
    deletePassword: 'Gib dein Passwort ein, um dein Konto zu löschen',
    deleteWordLabel: (word) => `Schreib das Wort „${word}“, um alles zu löschen`,
    deleteWord: 'löschen',
    deleteNow: 'Jetzt alles löschen',
  },
};
