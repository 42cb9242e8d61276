/**
 * Words for the problems that the server names, by code, or by code and kind (`too_fast.run`). `{name}` is a parameter of the
 * problem. The server's own sentence is shown for a code that is not here, and where a parameter is missing.
 */
export const problems = {
  not_found: 'That is not there, or it is not yours.',
  not_signed_in: 'Load the page again to start as a guest, or sign in.',
  database_away: 'The server cannot reach the projects right now. Nothing is lost; try again in a moment.',
  executor_away: 'The part of the server that runs games does not answer. Your project is safe; try Run again in a moment.',
  no_sandbox: 'Games cannot be started right now. Try again in a moment.',
  all_slots_taken: 'All places for games are taken right now. Try again in a moment.',
  draining: 'The server starts no new games at the moment. Try again in a few minutes.',
  shutting_down: 'The server is being restarted. Try again in a minute.',
  too_many_own_sessions: 'You have games running already. Stop one of them first.',
  session_stopped: 'You stopped the game before it began. Press Run to play it.',

  'too_fast.run': 'You pressed Run many times in a short time. Wait {seconds} s, then try again.',
  'too_fast.write': 'You made many changes in a short time. Nothing is lost. Wait {seconds} s, then try again.',
  'too_fast.read': 'The page sent many requests in a short time. Wait {seconds} s, then try again.',
  'too_fast.sign_in': 'Many people are signing in from here. Wait {seconds} s, then try again.',
  'too_fast.guest': 'Many new people are arriving from here. Wait {seconds} s, then try again.',
  too_many_bytes: 'You saved a lot of data in the last minute. Nothing you saved is lost. Wait a minute, then try again.',
  upload_too_slow: 'The file arrived too slowly and was not saved. Try again when the connection is better, or make the file smaller.',
  too_many_uploads: 'Many files are being uploaded. Wait until some are finished, then try again.',

  file_exists: 'A file named “{path}” exists already. Choose another name, or delete that one first.',
  file_and_folder: '“{path}” does not fit beside “{other}”: a name is either a file or a folder.',
  'bad_path.sign': 'The character {sign} cannot be part of a file name. Letters of every language, digits, spaces and - _ . are fine.',
  'bad_path.too_long': 'The name is too long: at most {limit} letters, folders included.',
  not_text:
    '“{path}” must hold text, but what arrived is not. If it is a picture or a sound, give it that ending, for example .png or .ogg.',
  file_too_large: '“{path}” is larger than {megabytes} MB. Make the picture smaller, or save the sound as OGG.',
  code_too_large: 'All Python files together can be {limit} bytes. Move long lists of data into a text or JSON file.',
  too_many_files: 'A project can hold {limit} files. Delete some you no longer need, or join small pictures into one sheet.',
  project_too_large: 'All files of a project together can be {megabytes} MB. Delete some, or make pictures and sounds smaller.',
  too_many_projects: 'You have {limit} projects, and that is the limit. Delete one you no longer need.',
  'storage_full.guest':
    'All your games together can be {megabytes} MB. Delete files or games you no longer need, or make an account: it holds {more} MB.',
  'storage_full.account':
    'All your games together can be {megabytes} MB. Delete files or games you no longer need, or make pictures and sounds smaller.',
  installation_full:
    'The disk of this server has no room for more. Your saved work is safe. Delete what you no longer need, and tell the person who runs this server.',
  entry_must_be_python: '“{path}” starts the game, so its name must end in .py.',
  entry_stays: '“{path}” starts the game. Choose another file to start with before you delete it.',
  no_such_entry: 'The game starts with “{path}”, but there is no such file. Create it, or choose another file to start with.',
  bad_name: 'Give the project a name of 1 to {limit} letters, without line breaks.',

  name_taken: 'This name is already taken. Choose another one.',
  name_length: 'A name has {least} to {most} characters.',
  name_characters: 'A name is made of letters and digits, and single spaces, dots, dashes, underscores or apostrophes between them.',
  name_and_password: 'Type your name and your password.',
  password_length: 'A password has {least} to {most} characters. Three words in a row are easy to remember.',
  password_simple: 'Choose one that is harder to guess. Three words in a row are easy to remember.',
  wrong_name_or_password: 'This name and this password do not belong together. Check both and try again.',
  too_many_attempts: 'There were too many attempts. Try again in {minutes} min.',
  busy: 'Many people are signing in right now. Try again in a moment.',
  already_signed_up: 'You are signed in to an account already. Sign out first to make another one.',
  guest_keeps_games: 'You have no account yet, so nobody could find your games again. Make an account first.',
};
