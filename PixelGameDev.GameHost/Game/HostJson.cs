using System.Text.Json;
using System.Text.Json.Serialization;

namespace PixelGameDev.GameHost.Game;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GameResult))]
internal sealed partial class HostJson : JsonSerializerContext;
