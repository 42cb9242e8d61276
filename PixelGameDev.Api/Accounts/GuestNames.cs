using System.Security.Cryptography;

namespace PixelGameDev.Api.Accounts;

/// <summary>Creates friendly names for guests that say nothing about the person.</summary>
internal static class GuestNames
{
    private static readonly string[] Moods =
        ["Brave", "Bright", "Calm", "Clever", "Cosmic", "Curious", "Daring", "Dizzy", "Gentle", "Happy", "Jolly", "Lucky", "Merry",
            "Mighty", "Nimble", "Quick", "Quiet", "Shiny", "Silly", "Snappy", "Sunny", "Swift", "Tiny", "Wild"];

    private static readonly string[] Animals =
        ["Badger", "Beaver", "Comet", "Dolphin", "Dragon", "Falcon", "Ferret", "Fox", "Gecko", "Hamster", "Hedgehog", "Koala", "Lemur",
            "Lynx", "Newt", "Otter", "Owl", "Panda", "Penguin", "Puffin", "Raccoon", "Robin", "Squirrel", "Turtle"];

    /// <summary>Returns a mood and an animal, e.g. <c>Curious Otter</c>. Two guests may have the same name.</summary>
    public static string Next() =>
        $"{Moods[RandomNumberGenerator.GetInt32(Moods.Length)]} {Animals[RandomNumberGenerator.GetInt32(Animals.Length)]}";
}
