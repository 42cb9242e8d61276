import type { GalleryWords } from '../galleryWords';

export const germanGallery: GalleryWords = {
  gallery: {
    title: 'Galerie',
    mine: 'Meine Spiele',
    search: 'Spiel finden',
    searchHint: 'Ein Wort aus dem Namen oder ein Stichwort',
    openNamed: (title) => `${title} spielen`,
    by: (maker) => `von ${maker}`,
    picture: (title) => `Bild von ${title}`,
    tagged: (tag) => `Spiele mit dem Stichwort ${tag}`,
    more: 'Mehr Spiele zeigen',
    empty: 'Hier ist noch kein Spiel. Mach den Anfang: Öffne dein Spiel und wähl „Spiel teilen“ im Menü.',
    nothingFound: 'Kein Spiel hat diese Wörter. Versuch weniger Buchstaben oder ein anderes Wort.',
    off: 'Auf diesem Server gibt es keine Galerie.',
    signIn: 'Die Galerie ist für Leute mit einem Konto. Öffne deine Spiele und melde dich im Menü an.',
  },

  publish: {
    title: 'Galerie',
    hintPublic: 'Zeig dein Spiel allen, die diesen Server besuchen. Sie finden es über den Namen und die Stichwörter.',
    hintMembers: 'Zeig dein Spiel allen, die hier ein Konto haben. Sie finden es über den Namen und die Stichwörter.',
    guest: 'Leg ein Konto an oder melde dich im Menü an. Dann kannst du dein Spiel in der Galerie zeigen.',
    record: 'Tipp: Wähl „Aufnahmen“ im Menü und behalte eine. Dann bewegt sich dein Spiel in der Galerie.',
    howToPlay: 'So wird gespielt',
    tags: 'Stichwörter: bis zu 5 Wörter, zum Beispiel „Weltraum Rätsel“',
    publish: 'In der Galerie zeigen',
    change: 'Änderungen speichern',
    changed: 'Gespeichert. Die Galerie zeigt es.',
    published: 'Dein Spiel ist in der Galerie.',
    look: 'Seine Seite ansehen',
    unpublish: 'Herausnehmen',
    unpublishAsk: 'Das Spiel aus der Galerie nehmen? Seine Adresse geht dann nie wieder.',
    keep: 'Dort lassen',
  },
};
