using PixelGameDev.AppHost;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

public sealed class UserDataTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_secret_is_made_once_long_enough_and_readable_by_its_owner_alone()
    {
        string first = new UserData(directory.Path).Secret("TEST_SECRET_OF_NOBODY");
        string again = new UserData(directory.Path).Secret("TEST_SECRET_OF_NOBODY");
        string other = new UserData(directory.Path).Secret("TEST_OTHER_SECRET");

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.True(first.Length >= 64);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(directory.Sub("secrets.json")));
    }

    [Fact]
    public void Each_directory_has_its_own_short_name_and_links()
    {
        UserData one = new(directory.Sub("one"));
        UserData two = new(directory.Sub("two"));

        Assert.Equal(one.ShortName, new UserData(directory.Sub("one")).ShortName);
        Assert.NotEqual(one.ShortName, two.ShortName);
        Assert.NotEqual(one.Links, two.Links);
    }
}
