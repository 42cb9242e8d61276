/** Words about accounts: the sign-in, the account page, a note for guests. */
export const englishPeople = {
  signIn: {
    bringTitle: 'There are games on this computer',
    bring: 'They are mine: bring them along',
    leave: 'They are not mine: leave them here',
    games: (names: string, others: number) => (others === 0 ? names : others === 1 ? `${names} and 1 more` : `${names} and ${others} more`),
    provider: (name: string) => `Sign in with ${name}`,
    invitation: 'Code of your invitation',
    closed: 'On this server you cannot make an account yourself. Ask your teacher, or the person who runs it.',
    newPassword: 'Your new password (8 characters or more)',
    newPasswordHint: 'The password from your card works only once. Choose a new one that only you know.',
  },

  provider: {
    title: (name: string) => `Sign in with ${name}`,
    hint: (name: string) => `Connect your account with ${name}. Then you can sign in with it, too.`,
    link: (name: string) => `Connect with ${name}`,
    linked: 'Your accounts are connected.',
    taken: 'That account is connected with somebody else here already.',
    failed: 'The sign-in did not work. Try again.',
  },

  guestNote: {
    text: 'Your games are kept in this browser only. With an account you find them on every computer.',
    action: 'Make an account',
  },

  settings: {
    title: 'My account',
    back: 'Back to my games',
    guest: 'You have no account yet. Your games are kept in this browser only: if somebody clears it, they are gone.',
    nobody: 'This server is for people with an account.',
    makeAccount: 'Make an account',
    signIn: 'Sign in',
    signedInAs: (name: string) => `You are signed in as ${name}.`,
    storage: (used: string, quota: string) => `Your games take ${used} of ${quota}.`,

    passwordTitle: 'Change my password',
    passwordHint: 'Every other computer where you are signed in is signed out then.',
    currentPassword: 'Your password now',
    newPassword: 'Your new password (8 characters or more)',
    changePassword: 'Change password',
    passwordChanged: 'Your password is changed.',

    everywhereTitle: 'Sign out everywhere',
    everywhereHint: 'For when you forgot to sign out at another computer. You are signed out here, too.',
    everywhere: 'Sign out on all computers',

    exportTitle: 'Take everything along',
    exportHint: 'A zip file with all of your games, what you deleted lately, and everything the server remembers about you.',
    export: 'Download everything',

    freshTitle: 'Start fresh on this computer',
    freshHintGuest: 'For a computer that others use, too. The next person finds none of your games here, and nobody can bring them back.',
    freshHint: 'For a computer that others use, too. You are signed out, and this browser forgets you. Your games stay in your account.',
    fresh: 'Start fresh',
    freshAskGuest: 'These games will be gone for good:',
    freshAsk: 'Sign out and clear this computer? Changes that are not saved yet are lost.',
    freshYes: 'Yes, start fresh',
    freshKeep: 'No, go back',

    deleteTitle: 'Delete my account',
    deleteTitleGuest: 'Delete everything',
    deleteHint: 'All of your games and everything the server knows about you is deleted at once. Nobody can bring it back.',
    deletePassword: 'Type your password to delete your account',
    deleteWordLabel: (word: string) => `Type the word “${word}” to delete everything`,
    deleteWord: 'delete',
    deleteNow: 'Delete everything now',
  },
};
