import { pygameDocs } from './pygameDocs';
import { pythonDocs } from './pythonDocs';

/** Words of the editor's help while somebody types. They are loaded with it. */
export const englishAssist = {
  /** What the editor says about names of pygame and Python. */
  docs: { ...pygameDocs, ...pythonDocs } as Readonly<Record<string, string>>,

  marks: {
    unclosedText: 'This text has no end. Is a quote mark missing, or a } in an f-text?',
    curlyQuotes: (sign: string) => `${sign} is a quote mark of a book. Python needs " or '.`,
    strangeSign: (sign: string) => `Python does not know the sign ${sign} here.`,
    unclosed: (bracket: string) => `This ${bracket} is never closed.`,
    unmatched: (bracket: string) => `There is no open bracket for this ${bracket}.`,
    wrongBracket: (bracket: string, open: string) => `This ${bracket} does not fit: the bracket that is open is ${open}.`,
    elseIf: 'In Python, “else if” is one word: elif.',
    printBrackets: 'print needs brackets: print("Hello")',
    assignInCondition: 'To compare, write == with two signs. One = gives a value.',
    plusPlus: (sign: string) => `Python does not know ${sign}${sign}. Write ${sign}= 1.`,
    comma: (before: string, after: string) => `Something is missing between ${before} and ${after}. Perhaps a comma?`,
    missing: (before: string, after: string) => `Something is missing between ${before} and ${after}.`,
    colon: (word: string) => `A line with ${word} needs a colon at its end.`,
    unfinished: (sign: string) => `Something must follow after ${sign}.`,
    blockMissing: (word: string) => `Below this ${word} a line is missing that starts further to the right.`,
    indentNeeded: (word: string) => `This line belongs to the ${word} above, so move it to the right with Tab.`,
    indentTooFar: 'This line begins too far to the right. It must begin below the line above.',
    indentNothing: 'This line begins below no other line. Move it to the left or to the right.',
    alone: (word: string) => `There is no line above that this ${word} belongs to.`,
    notImported: (name: string) => `${name} is not imported yet.`,
    meant: (name: string, other: string) => `Nothing is called ${name}. Did you mean ${other}?`,
    unknownName: (name: string) => `Nothing is called ${name} in this file. Does it get a value somewhere?`,
    memberMeant: (home: string, name: string, other: string) => `${home} has no ${name}. Did you mean ${other}?`,
    unknownMember: (home: string, name: string) => `${home} has no ${name}.`,
    write: (text: string) => `Write ${text}`,
  },
};
