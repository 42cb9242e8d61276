using PixelGameDev.Api.Projects.Zip;

namespace PixelGameDev.Tests.Api;

public sealed class FolderNameTests
{
    [Theory]
    [InlineData("Größtes Spiel: 1/2", "Größtes Spiel_ 1_2")]
    [InlineData("मेरा खेल", "मेरा खेल")]
    [InlineData("เกมของฉัน", "เกมของฉัน")]
    [InlineData("Rocket 🚀 👩\u200D🚀", "Rocket 🚀 👩\u200D🚀")]
    [InlineData("CON", "_CON")]
    [InlineData("lpt1.old", "_lpt1.old")]
    [InlineData("Console", "Console")]
    [InlineData(" .. ", "game")]
    [InlineData("gnp\u202Eexe", "gnp_exe")]
    public void A_name_becomes_a_folder_that_every_system_takes(string name, string expected) =>
        Assert.Equal(expected, FolderNames.Clean(name));

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        string folder = FolderNames.Clean($"a{string.Concat(Enumerable.Repeat("😀", 39))}");
        Assert.Equal($"a{string.Concat(Enumerable.Repeat("😀", 29))}", folder);
    }
}
