using System.Security.Cryptography;

namespace Peili.Containerd.Tests;

public sealed class ContentStoreTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("peili-content-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_blob_is_read_with_its_length_and_bytes()
    {
        var bytes = RandomNumberGenerator.GetBytes(10_000);
        var digest = AddBlob(bytes);

        using var blob = Store().TryOpenBlob(digest);

        blob!.Length.ShouldBe(bytes.Length);
        var read = new byte[bytes.Length];
        RandomAccess.Read(blob.Handle, read, 0).ShouldBe(bytes.Length);
        read.ShouldBe(bytes);
    }

    [Fact]
    public void A_blob_that_was_opened_stays_readable_after_it_was_deleted()
    {
        var digest = AddBlob("abc"u8.ToArray());
        using var blob = Store().TryOpenBlob(digest);

        _root.GetDirectories("blobs")[0].Delete(recursive: true);

        var read = new byte[3];
        RandomAccess.Read(blob!.Handle, read, 0).ShouldBe(3);
        read.ShouldBe("abc"u8.ToArray());
        Store().TryOpenBlob(digest).ShouldBeNull();
    }

    [Fact]
    public void What_is_not_there_is_not_opened()
    {
        AddBlob([1]);
        Store().TryOpenBlob(Digest.Of(new byte[32])).ShouldBeNull();
        new ContentStore(Path.Combine(_root.FullName, "nowhere")).TryOpenBlob(Digest.Of(new byte[32])).ShouldBeNull();

        var file = Path.Combine(_root.FullName, "file");
        File.WriteAllText(file, "");
        new ContentStore(file).TryOpenBlob(Digest.Of(new byte[32])).ShouldBeNull();
    }

    [Fact]
    public void A_blob_that_cannot_be_opened_is_an_error_that_names_it()
    {
        var digest = AddBlob([1]);
        var path = Path.Combine(_root.FullName, "blobs", "sha256", digest.Hex);
        File.Delete(path);
        File.CreateSymbolicLink(path, path);

        Should.Throw<IOException>(() => Store().TryOpenBlob(digest)).Message.ShouldContain(digest.Hex);
    }

    [Fact]
    public void A_small_blob_is_read_whole_and_a_larger_one_not_at_all()
    {
        var digest = AddBlob([1, 2, 3]);

        Store().TryReadBlob(digest, 3).ShouldBe([1, 2, 3]);
        Store().TryReadBlob(digest, 2).ShouldBeNull();
        Store().TryReadBlob(Digest.Of(new byte[32]), 3).ShouldBeNull();
    }

    [Fact]
    public void An_ingest_is_told_by_namespace_reference_length_and_total()
    {
        var expected = Digest.Of(SHA256.HashData([1]));
        AddIngest("a", $"k8s.io/12/layer-{expected}", "12345", 678);

        var ingest = Store().ListIngests().ShouldHaveSingleItem();

        ingest.Namespace.ShouldBe("k8s.io");
        ingest.Reference.ShouldBe($"layer-{expected}");
        ingest.Expected.ShouldBe(expected);
        ingest.Length.ShouldBe(678);
        ingest.Total.ShouldBe(12345);
        new FileInfo(ingest.DataPath).Length.ShouldBe(678);
    }

    [Theory]
    [InlineData("default/1/some/key/with/slashes", "some/key/with/slashes")]
    [InlineData("default/1/layer-sha256:short", "layer-sha256:short")]
    [InlineData("default/1/", "")]
    public void A_reference_may_be_anything(string reference, string expected)
    {
        AddIngest("a", reference, null, 1);

        var ingest = Store().ListIngests().ShouldHaveSingleItem();

        ingest.Reference.ShouldBe(expected);
        ingest.Expected.ShouldBeNull();
        ingest.Total.ShouldBeNull();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("many")]
    public void A_total_that_says_nothing_is_no_total(string total)
    {
        AddIngest("a", "ns/1/x", total, 1);

        Store().ListIngests().ShouldHaveSingleItem().Total.ShouldBeNull();
    }

    [Fact]
    public void Incomplete_and_foreign_ingest_directories_are_left_out()
    {
        AddIngest("good", "ns/1/x", null, 1);
        AddIngest("no-namespace", "x", null, 1);
        AddIngest("endless", new string('x', 1 << 20), null, 1);
        Directory.CreateDirectory(Path.Combine(_root.FullName, "ingest", "empty"));
        File.Delete(Path.Combine(AddIngest("no-data", "ns/1/y", null, 1), "data"));
        File.WriteAllText(Path.Combine(_root.FullName, "ingest", "file"), "");

        Store().ListIngests().ShouldHaveSingleItem().Reference.ShouldBe("x");
    }

    [Fact]
    public void A_store_without_ingests_has_none() => Store().ListIngests().ShouldBeEmpty();

    [Fact]
    public async Task Ingests_that_vanish_during_the_listing_are_no_error()
    {
        using var stop = new CancellationTokenSource();
        var churning = Task.Run(
            () =>
            {
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    Directory.Delete(AddIngest($"{i % 10}", "ns/1/x", "1", 1), recursive: true);
                }
            },
            TestContext.Current.CancellationToken);
        AddIngest("stays", "ns/1/stays", null, 1);

        for (var i = 0; i < 2000; i++)
        {
            Store().ListIngests().ShouldContain(ingest => ingest.Reference == "stays");
        }

        await stop.CancelAsync();
        await churning;
    }

    private ContentStore Store() => new(_root.FullName);

    private Digest AddBlob(byte[] bytes)
    {
        var digest = Digest.Of(SHA256.HashData(bytes));
        File.WriteAllBytes(Path.Combine(_root.CreateSubdirectory("blobs/sha256").FullName, digest.Hex), bytes);
        return digest;
    }

    private string AddIngest(string name, string reference, string? total, int length)
    {
        var directory = _root.CreateSubdirectory($"ingest/{name}").FullName;
        File.WriteAllText(Path.Combine(directory, "ref"), reference);
        File.WriteAllBytes(Path.Combine(directory, "data"), new byte[length]);
        if (total is not null)
        {
            File.WriteAllText(Path.Combine(directory, "total"), total);
        }

        return directory;
    }
}
