import type { ErrorWords } from '../errorWords';

export const problems: ErrorWords['problems'] = {
  not_found: 'Das gibt es nicht, oder es gehört dir nicht.',
  not_signed_in: 'Öffne die Seite noch einmal, um neu anzufangen, oder melde dich an.',
  database_away: 'Der Ort, an dem die Spiele liegen, antwortet nicht. Nichts ist verloren; versuch es gleich noch einmal.',
  history_away:
    'Der Ort, an dem frühere Versionen liegen, antwortet nicht. Nichts ist verloren; versuch es später noch einmal. Dein Spiel selbst ist da.',
  executor_away: 'Der Teil des Servers, der Spiele laufen lässt, antwortet nicht. Dein Spiel ist sicher; drücke gleich noch einmal Start.',
  no_sandbox: 'Gerade können keine Spiele gestartet werden. Versuch es gleich noch einmal.',
  all_slots_taken: 'Alle Plätze für Spiele sind gerade belegt. Versuch es gleich noch einmal.',
  draining: 'Der Server startet gerade keine neuen Spiele. Versuch es in ein paar Minuten noch einmal.',
  shutting_down: 'Der Server wird neu gestartet. Versuch es in einer Minute noch einmal.',
  too_many_own_sessions: 'Bei dir laufen schon Spiele. Halte erst eins davon an.',
  session_stopped: 'Du hast das Spiel angehalten, bevor es angefangen hat. Drücke Start, um es zu spielen.',

  'too_fast.run': 'Start wurde sehr oft gedrückt. Warte {seconds} s, dann versuch es noch einmal.',
  'too_fast.write': 'Du hast in kurzer Zeit sehr viel geändert. Nichts ist verloren. Warte {seconds} s, dann versuch es noch einmal.',
  'too_fast.read': 'Die Seite hat in kurzer Zeit sehr viel gefragt. Warte {seconds} s, dann versuch es noch einmal.',
  'too_fast.sign_in': 'Von hier melden sich gerade viele an. Warte {seconds} s, dann versuch es noch einmal.',
  'too_fast.guest': 'Von hier kommen gerade viele Neue. Warte {seconds} s, dann versuch es noch einmal.',
  too_many_bytes:
    'Du hast in der letzten Minute sehr viel gespeichert. Nichts davon ist verloren. Warte eine Minute, dann versuch es noch einmal.',
  upload_too_slow:
    'Die Datei kam zu langsam an und wurde nicht gespeichert. Versuch es mit einer besseren Verbindung noch einmal, oder mach sie kleiner.',
  too_many_uploads: 'Viele Dateien sind noch unterwegs. Warte, bis einige angekommen sind, dann versuch es noch einmal.',
  too_many_downloads: 'Viele große Dateien sind noch unterwegs. Warte, bis einige angekommen sind, dann versuch es noch einmal.',

  bad_zip: 'Das ist kaputt oder keine ZIP-Datei. Mach die ZIP-Datei noch einmal.',
  file_damaged: 'Sie ist beschädigt oder hat ein Passwort. Mach die ZIP-Datei noch einmal, ohne Passwort.',
  no_python: 'Da ist kein Spiel drin: Ein Spiel braucht eine Python-Datei, zum Beispiel main.py.',
  files_refused: 'Einige der Dateien können nicht hinzugefügt werden, darum wurde keine hinzugefügt.',
  file_exists: 'Es gibt schon eine Datei „{path}“. Nimm einen anderen Namen, oder lösche sie zuerst.',
  file_and_folder: '„{path}“ passt nicht neben „{other}“: Ein Name ist entweder eine Datei oder ein Ordner.',
  'bad_path.sign':
    'Das Zeichen {sign} darf nicht in einem Dateinamen stehen. Buchstaben aller Sprachen, Ziffern, Leerzeichen und - _ . gehen.',
  'bad_path.too_long': 'Der Name ist zu lang: höchstens {limit} Buchstaben, mit allen Ordnern.',
  not_text:
    '„{path}“ muss Text enthalten, aber das ist keiner. Wenn es ein Bild oder ein Ton ist, gib der Datei die passende Endung, zum Beispiel .png oder .ogg.',
  file_too_large: '„{path}“ ist größer als {megabytes}. Mach das Bild kleiner, oder speichere den Ton als OGG.',
  code_too_large: 'Alle Python-Dateien zusammen dürfen {limit} Bytes haben. Leg lange Listen von Daten in eine Text- oder JSON-Datei.',
  too_many_files:
    'In ein Spiel passen {limit} Dateien. Lösche welche, die du nicht mehr brauchst, oder füge kleine Bilder zu einem zusammen.',
  project_too_large: 'Alle Dateien eines Spiels zusammen dürfen {megabytes} haben. Lösche welche, oder mach Bilder und Töne kleiner.',
  no_recording: 'Von diesem Spiel gibt es keine Aufnahme. Es muss ein Bild gezeigt haben. Drücke Start und versuche es dann noch einmal.',
  not_recorded: 'Nur ein Spiel, das läuft, kann aufgenommen werden. Drücke Start und versuche es dann noch einmal.',
  too_many_recordings: 'Ein Spiel kann {most} Aufnahmen haben. Lösche eine, die du nicht mehr brauchst.',
  too_many_projects: 'Du hast {limit} Spiele, mehr passen nicht. Lösche eins, das du nicht mehr brauchst.',
  'storage_full.guest':
    'Alle deine Spiele zusammen dürfen {megabytes} haben. Lösche Dateien oder Spiele, die du nicht mehr brauchst, oder leg ein Konto an: Da passen {more} hinein.',
  'storage_full.account':
    'Alle deine Spiele zusammen dürfen {megabytes} haben. Lösche Dateien oder Spiele, die du nicht mehr brauchst, oder mach Bilder und Töne kleiner.',
  installation_full:
    'Auf der Festplatte dieses Servers ist kein Platz mehr. Was gespeichert ist, ist sicher. Lösche, was du nicht mehr brauchst, und sag der Person Bescheid, die sich um den Server kümmert.',
  entry_must_be_python: 'Mit „{path}“ fängt das Spiel an, darum muss der Name auf .py enden.',
  entry_stays: 'Mit „{path}“ fängt das Spiel an. Wähle erst eine andere Datei für den Anfang, bevor du sie löschst.',
  no_such_entry: 'Das Spiel fängt mit „{path}“ an, aber die Datei gibt es nicht. Leg sie an, oder wähle eine andere Datei für den Anfang.',
  bad_controls: 'Wähle ein Kreuz, einen Joystick oder nichts und höchstens {limit} Knöpfe.',
  bad_name: 'Gib dem Spiel einen Namen mit 1 bis {limit} Buchstaben, ohne Zeilenumbruch.',

  name_taken: 'Diesen Namen hat schon jemand. Nimm einen anderen.',
  name_length: 'Ein Name hat {least} bis {most} Zeichen.',
  name_characters:
    'Ein Name besteht aus Buchstaben und Ziffern, mit einzelnen Leerzeichen, Punkten, Strichen, Unterstrichen oder Apostrophen dazwischen.',
  name_and_password: 'Gib deinen Namen und dein Passwort ein.',
  password_length: 'Ein Passwort hat {least} bis {most} Zeichen. Drei Wörter hintereinander kann man sich gut merken.',
  password_simple: 'Nimm eins, an das niemand zuerst denkt. Drei Wörter hintereinander kann man sich gut merken.',
  wrong_name_or_password: 'Dieser Name und dieses Passwort gehören nicht zusammen. Prüfe beides und versuch es noch einmal.',
  too_many_attempts: 'Das wurde zu oft versucht. Versuch es in {minutes} min noch einmal.',
  busy: 'Gerade melden sich viele Leute an. Versuch es gleich noch einmal.',
  already_signed_up: 'Du bist schon mit einem Konto angemeldet. Melde dich erst ab, um ein neues anzulegen.',
  guest_keeps_games: 'Du hast noch kein Konto, also könnte niemand deine Spiele wiederfinden. Leg zuerst ein Konto an.',
  guests_off: 'Dieser Server ist für Leute mit einem Konto. Melde dich erst an.',
  sign_up_closed: 'Auf diesem Server kannst du nicht selbst ein Konto anlegen. Frag die Person, die ihn betreibt, oder deine Lehrkraft.',
  bad_invitation: 'Dieser Einladungscode gilt nicht oder nicht mehr. Prüfe ihn, oder bitte um einen neuen.',
  new_password_needed: 'Dieses Passwort gilt nur einmal. Denk dir ein neues aus, das nur du kennst.',
  one_time_password_expired: 'Dieses Einmal-Passwort ist zu alt. Bitte um ein neues.',
  wrong_password: 'Das Passwort stimmt nicht. Prüfe es und versuch es noch einmal.',
  password_changed: 'Das Passwort wurde gerade in einem anderen Fenster geändert.',
  last_admin: 'Du bist hier die einzige Verwaltung. Gib erst jemand anderem diese Rolle.',
  export_running: 'So ein Download läuft schon. Warte, bis er fertig ist, und versuch es dann noch einmal.',
  exports_busy: 'Andere laden gerade alles von sich herunter. Warte eine Minute, dann versuch es noch einmal.',
  wrong_setup_code: 'Der Code zum Einrichten stimmt nicht. Prüfe ihn und versuch es noch einmal.',
  own_role: 'Deine eigene Rolle kann nur jemand anderes aus der Verwaltung ändern.',
  bad_quota: 'Wähle 1 bis {most} Megabyte.',
  own_account: 'Für dein eigenes Konto gibt es die Seite deines Kontos.',
  bad_invitation_terms: 'Eine Einladung ist für 1 bis {people} Leute und 1 bis {days} Tage; ihre Notiz hat höchstens {letters} Buchstaben.',
  forbidden: 'Dein Konto darf das nicht.',
};
