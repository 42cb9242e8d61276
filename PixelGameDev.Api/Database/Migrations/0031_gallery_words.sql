-- The words by which people find a game. The function of script 0024 knew the capitals of western Europe only, and kept "2.0" and
-- "Snake/Worm" together, where a search for these is one for two words. Now capitals of Latin, Greek and Cyrillic become small letters,
-- and everything that is neither letter nor digit divides words: ASCII signs, punctuation of other languages, symbols and emoji.
create or replace function gallery_words(title text, how_to_play text, tags text[]) returns tsvector
language sql immutable as $$
    select to_tsvector('simple', regexp_replace(translate(
        lower(title || ' ' || how_to_play || ' ' || array_to_string(tags, ' ')),
        'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŹŻŽŸΑΒΓΔ'
        'ΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫΆΈΉΊΌΎΏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏҐ',
        'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžÿαβγδ'
        'εζηθικλμνξοπρστυφχψωϊϋάέήίόύώабвгдежзийклмнопрстуфхцчшщъыьэюяѐёђѓєѕіїјљњћќѝўџґ'),
        '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u00D7\u00F7\u2000-\u206F\u20A0-\u20FF\u2190-\u2BFF\u3000-\u3004\u3008-\u3020\uFE00-\uFE0F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\U0001F000-\U0001FAFF]+', ' ', 'g'))
$$;

-- Computes the words of all games in the gallery again.
update publications set title = title;
