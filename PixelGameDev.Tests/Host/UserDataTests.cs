using PixelGameDev.AppHost;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

public sealed class UserDataTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_secret_is_made_once_long_enough_and_readable_by_its_owner_alone()
    {
        string first = new UserData(_directory.Path).Secret("TEST_SECRET_OF_NOBODY");
        string again = new UserData(_directory.Path).Secret("TEST_SECRET_OF_NOBODY");
        string other = new UserData(_directory.Path).Secret("TEST_OTHER_SECRET");

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.True(first.Length >= 64);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory.Sub("secrets.json")));
    }

    [Fact]
    public void Each_directory_has_its_own_short_name_and_links()
    {
        UserData one = new(_directory.Sub("one"));
        UserData two = new(_directory.Sub("two"));

        Assert.Equal(one.ShortName, new UserData(_directory.Sub("one")).ShortName);
        Assert.NotEqual(one.ShortName, two.ShortName);
        Assert.NotEqual(one.Links, two.Links);
    }
}
