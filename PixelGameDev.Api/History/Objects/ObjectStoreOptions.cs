namespace PixelGameDev.Api.History.Objects;

/// <summary>Holds the S3-compatible store that keeps contents of the history outside of the database.</summary>
/// <param name="Endpoint"><c>OBJECT_STORE_ENDPOINT</c>: the address of the store; null: that of AWS in <paramref name="Region"/>.</param>
/// <param name="Bucket"><c>OBJECT_STORE_BUCKET</c>: the bucket, which must exist.</param>
/// <param name="Region"><c>OBJECT_STORE_REGION</c>: the region, which every signature contains.</param>
/// <param name="AccessKey"><c>OBJECT_STORE_ACCESS_KEY</c>.</param>
/// <param name="SecretKey"><c>OBJECT_STORE_SECRET_KEY</c>.</param>
/// <param name="PathStyle">
/// <c>OBJECT_STORE_PATH_STYLE</c>: true for <c>https://host/bucket/key</c>, false for <c>https://bucket.host/key</c>.
/// </param>
internal sealed record ObjectStoreOptions(
    Uri? Endpoint, string Bucket, string Region, string AccessKey, string SecretKey, bool PathStyle)
{
    private const string BucketSetting = "OBJECT_STORE_BUCKET";
    private const string EndpointSetting = "OBJECT_STORE_ENDPOINT";

    /// <summary>Reads the settings; null without <c>OBJECT_STORE_BUCKET</c>.</summary>
    /// <param name="configuration">The operator's settings.</param>
    /// <param name="pathStyle"><c>OBJECT_STORE_PATH_STYLE</c>.</param>
    /// <param name="addError">Gets the name of a wrong setting, what is wrong, and what would be right.</param>
    public static ObjectStoreOptions? Read(IConfiguration configuration, bool pathStyle, Action<string, string, string> addError)
    {
        string bucket = configuration[BucketSetting]?.Trim() ?? "";
        string endpoint = configuration[EndpointSetting]?.Trim() ?? "";
        if (bucket.Length == 0)
        {
            if (endpoint.Length > 0)
            {
                addError(BucketSetting, $"is missing beside {EndpointSetting}", "the name of a bucket for this installation alone");
            }

            return null;
        }

        Uri? address = null;
        if (endpoint.Length > 0
            && !(Uri.TryCreate(endpoint, UriKind.Absolute, out address)
                && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
                && address.PathAndQuery == "/" && address.UserInfo.Length == 0))
        {
            addError(EndpointSetting, "is no address without a path", "https://s3.example.org");
        }

        string? region = configuration["OBJECT_STORE_REGION"]?.Trim();
        return new ObjectStoreOptions(
            address, bucket, string.IsNullOrEmpty(region) ? "us-east-1" : region, ReadKey("OBJECT_STORE_ACCESS_KEY"),
            ReadKey("OBJECT_STORE_SECRET_KEY"), pathStyle);

        string ReadKey(string name)
        {
            string key = configuration[name]?.Trim() ?? "";
            if (key.Length == 0)
            {
                addError(name, $"is missing beside {BucketSetting}", "a key that may read, write, delete and list in this bucket alone");
            }

            return key;
        }
    }
}
