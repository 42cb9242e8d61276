using System.Text;

namespace PixelGameDev.Api.Accounts;

/// <summary>
/// Recognizes passwords that attackers try first: common words with digits around them or with letters replaced by digits, rows of the
/// keyboard, repetitions, dates, and the person's own name.
/// </summary>
/// <remarks>
/// Rules replace a list of the ten thousand most common passwords. Nearly all of those follow these patterns, and rules also catch
/// passwords that are on no list yet ("minecraft2026").
/// </remarks>
internal static class WeakPasswords
{
    // The minimum length of a password of digits. Attackers try all dates, telephone numbers and PINs.
    private const int LeastDigits = 12;

    private const int LongestUnit = 4;

    private static readonly string[] Rows =
    [
        "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qweasdzxc",
        "qwertyasdfgh",
        "qwerasdfzxcv", "147258369", "159357", "123qweasdzxc", "qwe123asd456",
    ];

    private static readonly HashSet<string> Words = new(
        """
        password passwords passwort kennwort motdepasse contrasena senha parola haslo geheim secret secrets private access admin administrator root
        user username login letmein welcome willkommen bienvenue bonjour hello hallo hola ciao guest test tester testing temp changeme default
        master love loveyou iloveyou iloveu ilovehim ilovemom ilovedad lovely loveme loverboy lovers forever always friend friends freunde family
        familie mother father mama papa mommy daddy mutter vater sister brother baby babygirl babyboy angel angels engel princess prinzessin prince
        queen king kingdom sunshine sonne sommer summer winter autumn spring herbst fruehling monday friday sunday january february march april june
        july august september october november december flower flowers blume rose butterfly rainbow star stars starlight moon moonlight sunflower
        cookie cookies chocolate schokolade banana apple orange cherry strawberry peaches pepper cheese pizza coffee cupcake
        dragon drache monkey tiger lion eagle falcon wolf wolves puppy kitty kitten doggy hund katze pferd horse horses pony bunny rabbit panda
        dolphin spider snake shark turtle bear teddy teddybear chicken fish phoenix unicorn einhorn
        football fussball soccer baseball basketball hockey tennis volleyball handball skate skateboard racing barcelona madrid arsenal chelsea
        liverpool manchester bayern dortmund juventus yankees cowboys steelers lakers champion winner player gamer gaming games game playstation
        nintendo xbox minecraft fortnite roblox pokemon pikachu mario zelda sonic tetris starwars skywalker superman batman spiderman ironman hulk
        joker harley avengers naruto sasuke dragonball hello hellokitty snoopy garfield mickey minnie disney frozen harrypotter hogwarts hermione
        matrix ninja samurai pirate warrior killer hunter ranger knight wizard magic merlin shadow ghost demon devil satan jesus christ god church
        money dollar rich million freedom peace hope faith heaven hell lucky happy smile smiley funny crazy cool awesome amazing beautiful sexy
        orlando london paris berlin newyork america canada mexico germany deutschland england france italia brasil espana
        michael jordan jessica jennifer ashley amanda nicole daniel andrew joshua matthew anthony robert thomas william charlie george david
        james john joseph patrick richard steven justin brandon ryan kevin jason eric brian alexander alexandra maria anna laura sarah julia lisa
        sophie emma mia lena leonie hannah lukas leon felix jonas tim max maximilian paul finn moritz mohamed mohammed samantha michelle elizabeth
        stephanie victoria vanessa melissa rebecca rachel natalie hannah madison isabella sebastian benjamin nicholas christopher christian
        computer laptop internet google facebook youtube instagram tiktok whatsapp twitter amazon microsoft windows android iphone samsung
        python pygame pygamepygame pixel pixelgame pixelgamedev pixels programming programmer coding coder code hacker hackers hacked matrix
        school schule teacher lehrer student schueler pupil class klasse homework mathe math music musik guitar piano metallica eminem rockstar
        rock punk metal blink slipknot nirvana beatles black white blue green red yellow purple pink silver gold golden diamond crystal
        mustang ferrari porsche mercedes corvette camaro yamaha honda harleydavidson audi bmw toyota ford
        whatever nothing something qwerty qwertz azerty asdf asdfgh zxcvbn abc abcd abcdef trustno trustnoone fuckyou fuckme fuckoff bullshit asshole
        bitch pussy hottie babe sweet sweetie sweetheart honey honeybee schatz liebe amour corazon tequiero teamo mylove mybaby myname
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    /// <summary>Returns true when the password is one of those that attackers try first.</summary>
    public static bool IsWeak(string password, string name)
    {
        string lower = password.Trim().ToLowerInvariant();
        return lower.Length == 0
            || IsWeakPart(Unrepeated(lower), name)
            || IsWeakPart(Core(lower), name)
            || IsWeakPart(Core(Plain(lower, one: 'i')), name)
            || IsWeakPart(Core(Plain(lower, one: 'l')), name)
            || IsWeakPart(Plain(Core(lower), one: 'i'), name)
            || IsWeakPart(Plain(Core(lower), one: 'l'), name)
            || IsWeakPart(Unrepeated(Core(lower)), name);
    }

    private static bool IsWeakPart(string part, string name)
    {
        string solid = string.Concat(part.Where(char.IsLetterOrDigit));
        return part.Length == 0
            || part.Length <= LongestUnit
            || (solid.Length < LeastDigits && solid.All(char.IsAsciiDigit))
            || Words.Contains(solid)
            || solid.Equals(string.Concat(name.Where(char.IsLetterOrDigit)), StringComparison.OrdinalIgnoreCase)
            || Rows.Any(row => row.Contains(solid, StringComparison.Ordinal) || row.Contains(Reversed(solid), StringComparison.Ordinal));
    }

    /// <summary>Returns the text without the digits and signs around it: "123dragon!" gives "dragon".</summary>
    private static string Core(string text)
    {
        int start = 0, end = text.Length;
        while (start < end && !char.IsLetter(text[start]))
        {
            start++;
        }

        while (end > start && !char.IsLetter(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>Returns the unit of a repetition: "dragondragon" gives "dragon". Returns other text unchanged.</summary>
    private static string Unrepeated(string text)
    {
        for (int unit = 1; unit <= text.Length / 2; unit++)
        {
            if (text.Length % unit == 0 && Enumerable.Range(0, text.Length).All(i => text[i] == text[i % unit]))
            {
                return text[..unit];
            }
        }

        return text;
    }

    /// <summary>Replaces digits and signs by the letters that look like them: "p@ssw0rd" gives "password".</summary>
    private static string Plain(string text, char one)
    {
        StringBuilder plain = new(text.Length);
        foreach (char c in text)
        {
            plain.Append(c switch
            {
                '0' => 'o',
                '1' or '!' or '|' => one,
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' or '+' => 't',
                '8' => 'b',
                '9' => 'g',
                _ => c,
            });
        }

        return plain.ToString();
    }

    private static string Reversed(string text) => string.Concat(text.Reverse());
}
