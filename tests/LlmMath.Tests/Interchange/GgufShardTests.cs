namespace LlmMath.Tests.Interchange;

/// <summary>Checkpoints split into several GGUF files.</summary>
public class GgufShardTests
{
    private static readonly ModelDefinition s_model = ModelCatalog.Find("qwen2-0.5b");

    [Theory]
    [InlineData("model-00001-of-00003.gguf")]
    [InlineData("model-00003-of-00003.gguf")]
    public void AnyFileOfTheSetGivesTheWhole(string name)
    {
        Dictionary<string, SparseFile> files = Split(3);
        CheckpointHeader header = Gguf.ReadHeader(name, file => files[file]);
        Assert.Equal(GgufConversion.Convert(s_model).Tensors.Select(t => t.Name), header.Tensors.Select(t => t.Name));
        Assert.Equal("qwen2", header.Metadata["general.architecture"]!.Text);
        Assert.Equal(s_model.ParameterCount(), Gguf.ToDefinition(header, name).ParameterCount());
    }

    [Fact]
    public void TheFirstFileMayHaveNoTensors()
    {
        Dictionary<string, SparseFile> files = Split(3, firstIsEmpty: true);
        Assert.Equal(s_model.ParameterCount(), Gguf.ReadHeader("model-00001-of-00003.gguf", file => files[file]).Parameters);
    }

    [Fact]
    public void OneFileAloneIsNoDefinition()
    {
        CheckpointHeader header = Gguf.ReadHeader(Split(3)["model-00001-of-00003.gguf"], "first.gguf");
        var error = Assert.Throws<DefinitionException>(() => Gguf.ToDefinition(header, "first.gguf"));
        Assert.Equal("split.count", error.Field);
        Assert.Contains("one of 3 files", error.Message);
    }

    [Fact]
    public void AFileThatIsNotSplitIsReadAlone()
    {
        var opened = new List<string>();
        CheckpointHeader header = Gguf.ReadHeader("qwen.gguf", file =>
        {
            opened.Add(file);
            return GgufConversion.Convert(s_model).Open();
        });
        Assert.Equal(["qwen.gguf"], opened);
        Assert.Equal(s_model.ParameterCount(), header.Parameters);
    }

    [Fact]
    public void AMissingFileIsTheCallersError() =>
        Assert.Throws<FileNotFoundException>(() => Gguf.ReadHeader("model-00001-of-00003.gguf", file =>
            Split(3).TryGetValue(file, out SparseFile? stream) && !file.Contains("00002", StringComparison.Ordinal) ? stream
                : throw new FileNotFoundException(file)));

    [Fact]
    public void ARenamedFileOfASetSaysHowItMustBeCalled()
    {
        var error =
            Assert.Throws<DefinitionException>(() => Gguf.ReadHeader("renamed.gguf", _ => Split(3)["model-00001-of-00003.gguf"]));
        Assert.Equal("renamed.gguf: split.count: is 3: the names of the files must end in -00001-of-00003.gguf.", error.Message);
    }

    [Fact]
    public void FilesInTheWrongOrderOrOfAnotherSetAreRefused()
    {
        Dictionary<string, SparseFile> files = Split(3), others = Split(2);
        var swapped = Assert.Throws<DefinitionException>(() => Gguf.ReadHeader("model-00001-of-00003.gguf", file =>
            file.Contains("00002", StringComparison.Ordinal) ? files["model-00003-of-00003.gguf"] : files[file]));
        Assert.Equal(("split.no", "model-00002-of-00003.gguf"), (swapped.Field, swapped.File));
        files = Split(3);
        Assert.Throws<DefinitionException>(() => Gguf.ReadHeader("model-00001-of-00003.gguf", file =>
            file.Contains("00002", StringComparison.Ordinal) ? others["model-00002-of-00002.gguf"] : files[file]));
    }

    [Fact]
    public void ATensorInTwoFilesIsRefused()
    {
        Dictionary<string, SparseFile> files = Split(3, repeat: true);
        var error = Assert.Throws<DefinitionException>(() => Gguf.ReadHeader("model-00001-of-00003.gguf", file => files[file]));
        Assert.Contains("in another file of the set", error.Message);
    }

    [Fact]
    public void MoreFilesThanAnyoneHasAreRefused()
    {
        var file = new GgufFile { Metadata = [("split.count", 60_000), ("split.no", 0)], Tensors = [new("a", [64])] };
        var error = Assert.Throws<DefinitionException>(() => Gguf.ReadHeader("model-00001-of-60000.gguf", _ => file.Open()));
        Assert.Equal("split.count", error.Field);
    }

    [Fact]
    public void APathIsReadWithItsNeighbours()
    {
        string folder = Directory.CreateTempSubdirectory("gguf").FullName;
        try
        {
            var tensors = new List<WrittenTensor> { new("token_embd.weight", [32, 8]), new("output_norm.weight", [8]) };
            for (int number = 0; number < 2; number++)
            {
                var file = new GgufFile { Metadata = SplitKeys(number, 2, 2), Tensors = [tensors[number]] };
                byte[] header = file.Header();
                File.WriteAllBytes(
                    Path.Combine(folder, $"m-{number + 1:D5}-of-00002.gguf"), [.. header, .. new byte[file.DataBytes]]);
            }

            Assert.Equal(2, Gguf.ReadHeader(Path.Combine(folder, "m-00001-of-00002.gguf")).Tensors.Count);
            File.Delete(Path.Combine(folder, "m-00002-of-00002.gguf"));
            Assert.Throws<FileNotFoundException>(() => Gguf.ReadHeader(Path.Combine(folder, "m-00001-of-00002.gguf")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, SparseFile> Split(int count, bool firstIsEmpty = false, bool repeat = false)
    {
        GgufFile whole = GgufConversion.Convert(s_model);
        var files = new Dictionary<string, SparseFile>();
        int holders = firstIsEmpty ? count - 1 : count, each = (whole.Tensors.Count + holders - 1) / holders;
        for (int number = 0; number < count; number++)
        {
            int part = firstIsEmpty ? number - 1 : number;
            List<WrittenTensor> tensors = part < 0 ? [] : [.. whole.Tensors.Skip(part * each).Take(each)];
            if (repeat && number > 0)
            {
                tensors[0] = whole.Tensors[0];
            }

            var file = new GgufFile
            {
                Metadata = [.. number == 0 ? whole.Metadata : [], .. SplitKeys(number, count, whole.Tensors.Count)],
                Tensors = tensors,
            };
            files[$"model-{number + 1:D5}-of-{count:D5}.gguf"] = file.Open();
        }

        return files;
    }

    private static List<(string, object)> SplitKeys(int number, int count, int tensors) =>
        [("split.no", number), ("split.count", count), ("split.tensors.count", tensors)];
}
