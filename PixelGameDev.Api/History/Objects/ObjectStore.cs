using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace PixelGameDev.Api.History.Objects;

/// <summary>
/// Reports that the object store did not do what it was asked for. Contents are safe; the same request may succeed later.
/// </summary>
internal sealed class ObjectStoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Stores, reads and removes objects of the bucket. Each object is written once, under a key that no other has.</summary>
/// <remarks>Every failure of the store or of the way to it is an <see cref="ObjectStoreException"/>.</remarks>
internal sealed class ObjectStore : IDisposable
{
    /// <summary>The longest time of one try of a request. A content has at most 5 MB.</summary>
    private static readonly TimeSpan TryTime = TimeSpan.FromSeconds(10);

    /// <summary>The longest time of a request with all its tries, and of a content that trickles in.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(40);

    private readonly AmazonS3Client _client;
    private readonly string _bucket;

    public ObjectStore(ObjectStoreOptions options)
    {
        AmazonS3Config config = new()
        {
            ForcePathStyle = options.PathStyle,
            Timeout = TryTime,
            // The pauses between these tries grow. BlobMover repeats later what fails nevertheless.
            MaxErrorRetry = 2,
            RetryMode = RequestRetryMode.Standard,
            // Not every compatible store knows the checksums of AWS. The mover reads back what it has written.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is not null)
        {
            config.ServiceURL = options.Endpoint.AbsoluteUri;
            config.AuthenticationRegion = options.Region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        _client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
        _bucket = options.Bucket;
    }

    /// <summary>Makes a key for a content. The hash in it is for people; the random part makes it a key of its own.</summary>
    public static string NewKey(BlobHash hash) => $"blobs/{hash}/{Guid.NewGuid():N}";

    /// <summary>Checks that the store answers and has the bucket.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => TryAsync(
        // No object has this prefix, so the answer is short.
        token => _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket, Prefix = "check/", MaxKeys = 1 }, token),
        cancellationToken);

    /// <summary>Writes an object, reads it back and compares.</summary>
    public async Task WriteAsync(string key, BlobHash hash, byte[] content, CancellationToken cancellationToken)
    {
        await TryAsync(
            token => _client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = _bucket,
                    Key = key,
                    InputStream = new MemoryStream(content, writable: false),
                    // Not every compatible store knows the chunks of AWS.
                    UseChunkEncoding = false,
                },
                token),
            cancellationToken);
        if (await ReadAsync(key, hash, cancellationToken) is null)
        {
            throw new ObjectStoreException("The store does not have what was just written.");
        }
    }

    /// <summary>Reads an object; null if the store does not have it.</summary>
    /// <exception cref="ObjectStoreException">The store does not answer, or the object is not the content of this hash.</exception>
    public async Task<byte[]?> ReadAsync(string key, BlobHash hash, CancellationToken cancellationToken)
    {
        byte[]? content = await TryAsync(token => ReadAsync(key, token), cancellationToken);
        return content is null || new BlobHash(SHA256.HashData(content)).Equals(hash)
            ? content
            : throw new ObjectStoreException($"The object {key} is damaged.");
    }

    /// <summary>Removes an object. One that does not exist is no error.</summary>
    public Task RemoveAsync(string key, CancellationToken cancellationToken) => TryAsync(
        token => _client.DeleteObjectAsync(_bucket, key, token), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            using GetObjectResponse answer = await _client.GetObjectAsync(_bucket, key, cancellationToken);
            using MemoryStream content = new();
            await answer.ResponseStream.CopyToAsync(content, cancellationToken);
            return content.ToArray();
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    private static async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MaxTime);
        try
        {
            return await request(limit.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && IsOfStore(error))
        {
            throw new ObjectStoreException(Describe(error), error);
        }
    }

    private static bool IsOfStore(Exception error) =>
        error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or SocketException
            or OperationCanceledException or WebException;

    /// <summary>Says in one sentence what the store answered. It contains no secret.</summary>
    private static string Describe(Exception error) => error switch
    {
        AmazonS3Exception { ErrorCode.Length: > 0 } answer => $"It answers {answer.ErrorCode}: {answer.Message}",
        OperationCanceledException => "It does not answer in time.",
        _ => (error.GetBaseException().Message is { Length: > 0 } reason ? reason : error.GetType().Name).ReplaceLineEndings(" "),
    };
}
