import type { AssistWords } from '../assistWords';
import { pygameDocs } from './pygameDocs';
import { pythonDocs } from './pythonDocs';

/** Words of the editor's help while somebody types, in German. */
export const germanAssist: AssistWords = {
  docs: { ...pygameDocs, ...pythonDocs },

  marks: {
    unclosedText: 'Dieser Text hat kein Ende. Fehlt ein Anführungszeichen, oder eine } in einem f-Text?',
    curlyQuotes: (sign) => `${sign} ist ein Anführungszeichen aus Büchern. Python braucht " oder '.`,
    strangeSign: (sign) => `Das Zeichen ${sign} kennt Python hier nicht.`,
    unclosed: (bracket) => `Diese ${bracket} wird nie geschlossen.`,
    unmatched: (bracket) => `Zu dieser ${bracket} gibt es keine offene Klammer.`,
    wrongBracket: (bracket, open) => `Diese ${bracket} passt nicht: Offen ist die Klammer ${open}.`,
    elseIf: '„else if“ ist in Python ein Wort: elif.',
    printBrackets: 'print braucht Klammern: print("Hallo")',
    assignInCondition: 'Zum Vergleichen schreibst du == mit zwei Zeichen. Ein = gibt einen Wert.',
    plusPlus: (sign) => `Python kennt ${sign}${sign} nicht. Schreib ${sign}= 1.`,
    comma: (before, after) => `Zwischen ${before} und ${after} fehlt etwas. Vielleicht ein Komma?`,
    missing: (before, after) => `Zwischen ${before} und ${after} fehlt etwas.`,
    colon: (word) => `Eine Zeile mit ${word} braucht am Ende einen Doppelpunkt.`,
    unfinished: (sign) => `Nach ${sign} muss noch etwas kommen.`,
    blockMissing: (word) => `Unter diesem ${word} fehlt eine Zeile, die weiter rechts beginnt.`,
    indentNeeded: (word) => `Diese Zeile gehört zum ${word} darüber, also rück sie mit Tab nach rechts.`,
    indentTooFar: 'Diese Zeile beginnt zu weit rechts. Sie muss unter der Zeile darüber beginnen.',
    indentNothing: 'Diese Zeile beginnt unter keiner anderen. Rück sie nach links oder nach rechts.',
    alone: (word) => `Darüber gibt es keine Zeile, zu der dieses ${word} gehört.`,
    notImported: (name) => `${name} ist noch nicht importiert.`,
    meant: (name, other) => `${name} gibt es hier nicht. Meinst du ${other}?`,
    unknownName: (name) => `In dieser Datei heißt nichts ${name}. Bekommt es irgendwo einen Wert?`,
    memberMeant: (home, name, other) => `${home} hat kein ${name}. Meinst du ${other}?`,
    unknownMember: (home, name) => `${home} hat kein ${name}.`,
    write: (text) => `${text} schreiben`,
  },
};
