using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace EcomWorkflows.Pipeline.Lake.Objects;

/// <summary>Objects of an S3 bucket, or of those of its objects whose keys begin with a prefix. Passing faults are retried by the SDK.</summary>
public sealed class S3ObjectStore : IObjectStore
{
    /// <summary>Tries of one request after the first.</summary>
    private const int Retries = 4;

    /// <summary>Larger files go up in parts of this size, which become one object when all are there; 10,000 parts are allowed, so 320 GB.</summary>
    private const long PartBytes = 32L << 20;

    private const int BlockBytes = 1 << 20;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly AmazonS3Client client;
    private readonly string bucket;
    private readonly string prefix;
    private readonly string endpoint;
    private readonly bool hasCredentials;

    /// <param name="prefix">Put before every key, with a slash between; empty for the whole bucket.</param>
    public S3ObjectStore(string bucket, string prefix, S3Settings settings)
    {
        this.bucket = bucket;
        this.prefix = prefix.Length == 0 ? "" : prefix.TrimEnd('/') + "/";
        endpoint = settings.Endpoint ?? $"Amazon S3 in {settings.Region}";
        var config = new AmazonS3Config
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = Retries,
            Timeout = AnswerTimeout,
            // Services other than Amazon's often know neither checksum trailers nor bucket names as hosts.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = settings.Endpoint is not null,
        };
        if (settings.Endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        else
            (config.ServiceURL, config.AuthenticationRegion) = (settings.Endpoint, settings.Region);
        hasCredentials = settings is { AccessKey: not null, SecretKey: not null };
        client = settings is { AccessKey: { } access, SecretKey: { } secret }
            ? new AmazonS3Client(settings.SessionToken is { } token ? new SessionAWSCredentials(access, secret, token) : new BasicAWSCredentials(access, secret), config)
            : new AmazonS3Client(config);
    }

    /// <summary>Objects one answer of a list holds at most.</summary>
    internal int PageSize { get; init; } = 1000;

    /// <summary>How long an object may send nothing before it counts as broken off.</summary>
    internal TimeSpan Patience { get; init; } = AnswerTimeout;

    /// <summary>Wait before an object that broke off is read on; twice as long each time.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public string Location => $"s3://{bucket}/{prefix}".TrimEnd('/');

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = this.prefix + prefix, MaxKeys = PageSize };
        bool more;
        do
        {
            var page = await CallAsync(prefix, () => client.ListObjectsV2Async(request, cancellationToken));
            foreach (var found in page.S3Objects ?? [])
                yield return new StoredObject(found.Key[this.prefix.Length..], found.Size ?? 0, found.LastModified?.ToUniversalTime() ?? default, found.ETag.Trim('"'));
            request.ContinuationToken = page.NextContinuationToken;
            more = page.IsTruncated ?? false;
        }
        while (more);
    }

    public async Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await CallAsync(key, () => client.GetObjectMetadataAsync(bucket, KeyOf(key), cancellationToken));
            return new StoredObject(key, found.ContentLength, found.LastModified?.ToUniversalTime() ?? default, found.ETag.Trim('"'));
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <remarks>The SDK tries again what fails before the answer begins. What breaks off or hangs later is read on from there, as long as it is the same object.</remarks>
    public Task DownloadAsync(string key, string path, CancellationToken cancellationToken) =>
        DirectoryObjectStore.WriteWholeAsync(path, target => FetchAsync(key, target, cancellationToken));

    public async Task UploadAsync(string key, string path, CancellationToken cancellationToken)
    {
        // Signed as a whole and sent in one piece: signed chunks are not understood everywhere.
        var request = new PutObjectRequest { BucketName = bucket, Key = KeyOf(key), FilePath = path, UseChunkEncoding = false };
        if (new FileInfo(path).Length <= PartBytes)
            await CallAsync(key, () => client.PutObjectAsync(request, cancellationToken));
        else
            await UploadInPartsAsync(key, path, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => CallAsync(key, () => client.DeleteObjectAsync(bucket, KeyOf(key), cancellationToken));

    public void Dispose() => client.Dispose();

    private async Task FetchAsync(string key, FileStream target, CancellationToken cancellationToken)
    {
        string? version = null;
        for (var tries = 1; ; tries++)
        {
            var request = new GetObjectRequest { BucketName = bucket, Key = KeyOf(key) };
            if (version is not null)
                request.EtagToMatch = version;
            if (target.Length > 0)
                request.ByteRange = new ByteRange($"bytes={target.Length}-");
            using var answer = await CallAsync(key, () => client.GetObjectAsync(request, cancellationToken));
            // Some services send the whole object whatever part of it is asked for.
            if (answer.HttpStatusCode != HttpStatusCode.PartialContent)
                target.SetLength(0);
            version = answer.ETag;
            var length = target.Length + answer.ContentLength;
            var broken = await CopyAsync(key, answer.ResponseStream, target, cancellationToken);
            if (target.Length >= length)
                return;
            if (tries > Retries)
            {
                throw new ObjectStoreException(
                    $"{Location}: '{key}' broke off {tries} times, the last time after {target.Length:N0} of {length:N0} bytes: {broken ?? "the answer ended."} "
                    + $"Is the way to {endpoint} overloaded, or does a proxy cut long answers? Nothing of it is kept; another try reads it from its beginning.",
                    retryable: true);
            }
            await Task.Delay(RetryDelay * Math.Pow(2, tries - 1), cancellationToken);
        }
    }

    /// <returns>What broke it off; null where it ended.</returns>
    private async Task<string?> CopyAsync(string key, Stream body, FileStream target, CancellationToken cancellationToken)
    {
        var block = new byte[BlockBytes];
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (true)
        {
            int read;
            try
            {
                waiting.CancelAfter(Patience);
                read = await body.ReadAsync(block, waiting.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return $"it sent nothing for {Patience.TotalSeconds:0.#} s.";
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                return broken.Message;
            }
            catch (AmazonClientException damage)
            {
                // The SDK compares what it has read with the hash that came with it.
                throw new ObjectStoreException(
                    $"{Location}: '{key}' was damaged on its way, or is damaged there ({damage.Message}). Nothing of it is kept. Where another try finds the same, restore it from a copy.", retryable: true, damage);
            }
            if (read == 0)
                return null;
            await target.WriteAsync(block.AsMemory(0, read), cancellationToken);
        }
    }

    private async Task UploadInPartsAsync(string key, string path, CancellationToken cancellationToken)
    {
        var upload = await CallAsync(key, () => client.InitiateMultipartUploadAsync(bucket, KeyOf(key), cancellationToken));
        try
        {
            var parts = new List<PartETag>();
            var length = new FileInfo(path).Length;
            for (var at = 0L; at < length; at += PartBytes)
            {
                var part = new UploadPartRequest
                {
                    BucketName = bucket, Key = upload.Key, UploadId = upload.UploadId, PartNumber = parts.Count + 1,
                    FilePath = path, FilePosition = at, PartSize = Math.Min(PartBytes, length - at), UseChunkEncoding = false,
                };
                var sent = await CallAsync(key, () => client.UploadPartAsync(part, cancellationToken));
                parts.Add(new PartETag(part.PartNumber.Value, sent.ETag));
            }
            await CallAsync(key, () => client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = bucket, Key = upload.Key, UploadId = upload.UploadId, PartETags = parts }, cancellationToken));
        }
        catch
        {
            await AbandonAsync(upload);
            throw;
        }
    }

    /// <summary>Parts of an upload that was given up cost room until they are removed. Where that fails too, the failure that led here is the one to tell.</summary>
    private async Task AbandonAsync(InitiateMultipartUploadResponse upload)
    {
        try
        {
            await client.AbortMultipartUploadAsync(bucket, upload.Key, upload.UploadId, CancellationToken.None);
        }
        catch (Exception failure) when (failure is AmazonClientException or AmazonServiceException or HttpRequestException or IOException)
        {
            // The bucket's own rule for unfinished uploads removes them.
        }
    }

    private string KeyOf(string key) => prefix + ObjectKey.Check(key);

    private async Task<T> CallAsync<T>(string key, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception refused)
        {
            throw Refused(key, refused);
        }
        catch (Exception failure) when (failure is AmazonServiceException or HttpRequestException or IOException)
        {
            throw new ObjectStoreException(
                $"{Location}: {Words(key)} could not be read or written after {Retries + 1} tries: {failure.Message.TrimEnd('.')}. Is {endpoint} the right address, and does the service run?",
                retryable: true, failure);
        }
        catch (AmazonClientException unfound) when (!hasCredentials && unfound.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase))
        {
            // The SDK names every place it has looked in, over many lines.
            throw new ObjectStoreException(
                $"{Location}: no credentials were found for it; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a connection that has them (./ecom connections set NAME --type s3 --login ACCESS_KEY --password-stdin).",
                retryable: false, unfound);
        }
        catch (AmazonClientException unable)
        {
            throw new ObjectStoreException($"{Location}: {Words(key)} could not be read or written: {unable.Message}", retryable: false, unable);
        }
    }

    /// <summary>A list of the whole store has no key.</summary>
    private static string Words(string key) => key.Length == 0 ? "the list of its objects" : $"'{key}'";

    private ObjectStoreException Refused(string key, AmazonS3Exception refused) => (refused.StatusCode, refused.ErrorCode) switch
    {
        (_, "NoSuchBucket") => new ObjectStoreException($"{Location}: there is no bucket '{bucket}'. Make it, or correct the location.", retryable: false, refused),
        (HttpStatusCode.PreconditionFailed, _) => new ObjectStoreException(
            $"{Location}: '{key}' was replaced while it was read. Nothing of it is kept; another try reads the new one.", retryable: true, refused),
        (HttpStatusCode.NotFound, _) => new ObjectNotFoundException(Location, key),
        (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, _) => new ObjectStoreException(
            $"{Location}: {Words(key)} was refused ({refused.ErrorCode}). Check the access key, its secret, and its rights on the bucket.", retryable: false, refused),
        (HttpStatusCode.BadRequest, _) => new ObjectStoreException($"{Location}: {Words(key)}: {refused.ErrorCode}: {refused.Message}", retryable: false, refused),
        _ => new ObjectStoreException($"{Location}: {Words(key)} answered {(int)refused.StatusCode} {refused.ErrorCode} after {Retries + 1} tries: {refused.Message}", retryable: true, refused),
    };
}
