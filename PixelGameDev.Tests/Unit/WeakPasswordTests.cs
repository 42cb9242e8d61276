using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Tests.Unit;

public sealed class WeakPasswordTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("P@ssw0rd!")]
    [InlineData("password123")]
    [InlineData("123456789")]
    [InlineData("01012012")]
    [InlineData("qwertyuiop")]
    [InlineData("asdfghjkl1")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("qwer1234")]
    [InlineData("abcd1234")]
    [InlineData("abcabcabc")]
    [InlineData("dragondragon")]
    [InlineData("minecraft2026")]
    [InlineData("!!Fortnite!!")]
    [InlineData("I love you")]
    [InlineData("87654321")]
    [InlineData("tr0mpete99", "trompete")]
    [InlineData("ada-lovelace", "Ada Lovelace")]
    [InlineData("zyxwvuts")]
    public void What_is_tried_first_is_refused(string password, string name = "Anna") => Assert.True(WeakPasswords.IsWeak(password, name));

    [Theory]
    [InlineData("nine green whales")]
    [InlineData("seven small owls")]
    [InlineData("Kx7#mQ2v")]
    [InlineData("my dog eats 3 shoes")]
    [InlineData("correcthorsebatterystaple")]
    [InlineData("8c1f0e77-a2b9")]
    public void What_nobody_thinks_of_is_taken(string password) => Assert.False(WeakPasswords.IsWeak(password, "Anna"));
}
