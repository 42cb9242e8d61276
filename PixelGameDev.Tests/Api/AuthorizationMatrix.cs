namespace PixelGameDev.Tests.Api;

/// <summary>Lists the status that each caller gets at each endpoint.</summary>
internal static class AuthorizationMatrix
{
    /// <summary>
    /// The last four are an account like "other" that has a link of the owner: to play, with code, a revoked one, one that has ended. The
    /// others use the link with code where an address needs one.
    /// </summary>
    public static readonly string[] Callers =
        ["anonymous", "guest", "other", "owner", "teacher", "admin", "expired", "forged", "play", "code", "revoked", "ended"];

    /// <summary>Statuses in the order of <see cref="Callers"/>. "a/b": as the cookie, as the token.</summary>
    public static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        // anonymous guest other owner teacher admin expired forged, by a link: play code revoked ended
        ["GET /health"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        ["GET /alive"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        ["GET /openapi/{documentName}.json"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        ["GET /api/health"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        ["GET /api/info"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        ["GET /api/templates"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        ["GET /api/me"] = "401 200 200 200 200 200 401 401 200 200 200 200",
        // A browser whose account is gone gets a new guest. A program learns that its token is invalid.
        ["POST /api/guests"] = "201 200 200 200 200 200 201/401 201/401 200 200 200 200",
        ["POST /api/account/sign-up"] = "401 200 409 409 409 409 401 401 409 409 409 409",
        ["POST /api/account/sign-in"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        ["POST /api/account/token"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        ["POST /api/account/sign-out"] = "401 409 204 204 204 204 401 401 204 204 204 204",
        ["POST /api/account/password"] = "401 409 204 204 204 204 401 401 204 204 204 204",
        ["POST /api/account/sign-out-everywhere"] = "401 409 204 204 204 204 401 401 204 204 204 204",
        // Whoever asks, the browser is fresh afterwards.
        ["POST /api/account/start-fresh"] = "204 204 204 204 204 204 204 204 204 204 204 204",
        ["GET /api/account/export"] = "401 200 200 200 200 200 401 401 200 200 200 200",
        ["POST /api/account/delete"] = "401 204 204 204 204 204 401 401 204 204 204 204",
        ["GET /api/account/options"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        // This host has no provider; OidcTests have one.
        ["GET /api/account/oidc"] = "404 404 404 404 404 404 404 404 404 404 404 404",
        // An earlier row has made an admin, so the set-up is over for everybody.
        ["POST /api/account/set-up"] = "404 404 404 404 404 404 404 404 404 404 404 404",
        ["GET /api/admin/accounts"] = "401 403 403 403 403 200 401 401 403 403 403 403",
        ["PUT /api/admin/accounts/{id:guid}/role"] = "401 403 403 403 403 204 401 401 403 403 403 403",
        ["PUT /api/admin/accounts/{id:guid}/quota"] = "401 403 403 403 403 204 401 401 403 403 403 403",
        ["DELETE /api/admin/accounts/{id:guid}"] = "401 403 403 403 403 204 401 401 403 403 403 403",
        ["GET /api/admin/sessions"] = "401 403 403 403 403 200 401 401 403 403 403 403",
        ["POST /api/admin/sessions/{id:guid}/stop"] = "401 403 403 403 403 202 401 401 403 403 403 403",
        ["GET /api/admin/overview"] = "401 403 403 403 403 200 401 401 403 403 403 403",
        ["GET /api/admin/invitations"] = "401 403 403 403 403 200 401 401 403 403 403 403",
        ["POST /api/admin/invitations"] = "401 403 403 403 403 201 401 401 403 403 403 403",
        ["DELETE /api/admin/invitations/{id:guid}"] = "401 403 403 403 403 404 401 401 403 403 403 403",
        ["GET /api/admin/audit"] = "401 403 403 403 403 200 401 401 403 403 403 403",
        // The game has been reported, and is not taken down.
        ["GET /api/admin/reports/"] = "401 403 403 403 403 200 401 401 403 403 403 403",
        ["POST /api/admin/reports/{id:guid}/keep"] = "401 403 403 403 403 204 401 401 403 403 403 403",
        ["POST /api/admin/reports/{id:guid}/take-down"] = "401 403 403 403 403 204 401 401 403 403 403 403",
        ["POST /api/admin/reports/{id:guid}/give-back"] = "401 403 403 403 403 409 401 401 403 403 403 403",
        // Teachers help people who forgot their password.
        ["GET /api/admin/people"] = "401 403 403 403 200 200 401 401 403 403 403 403",
        ["POST /api/admin/accounts/{id:guid}/reset-password"] = "401 403 403 403 200 200 401 401 403 403 403 403",
        ["GET /api/projects/"] = "401 200 200 200 200 200 401 401 200 200 200 200",
        ["POST /api/projects/"] = "401 201 201 201 201 201 401 401 201 201 201 201",
        // Only the owner reaches its projects. Teachers and admins have no access either.
        ["GET /api/projects/{id:guid}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["PATCH /api/projects/{id:guid}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["DELETE /api/projects/{id:guid}"] = "401 204 404 204 404 404 401 401 404 404 404 404",
        ["POST /api/projects/{id:guid}/files"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["GET /api/projects/{id:guid}/files/{**path}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["PUT /api/projects/{id:guid}/files/{**path}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["POST /api/projects/{id:guid}/files/{**path}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["DELETE /api/projects/{id:guid}/files/{**path}"] = "401 204 404 204 404 404 401 401 404 404 404 404",
        ["GET /api/trash"] = "401 200 200 200 200 200 401 401 200 200 200 200",
        ["POST /api/projects/{id:guid}/restore"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["DELETE /api/trash/projects/{id:guid}"] = "401 204 404 204 404 404 401 401 404 404 404 404",
        ["GET /api/projects/{id:guid}/trash"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["POST /api/projects/{id:guid}/trash/{fileId:guid}/restore"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["DELETE /api/projects/{id:guid}/trash/{fileId:guid}"] = "401 204 404 204 404 404 401 401 404 404 404 404",
        ["GET /api/projects/{id:guid}/saved/"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["DELETE /api/projects/{id:guid}/saved/"] = "401 204 404 204 404 404 401 401 404 404 404 404",
        ["GET /api/projects/{id:guid}/saved/{**path}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["DELETE /api/projects/{id:guid}/saved/{**path}"] = "401 204 404 204 404 404 401 401 404 404 404 404",
        ["POST /api/projects/{id:guid}/duplicate"] = "401 201 404 201 404 404 401 401 404 404 404 404",
        ["GET /api/projects/{id:guid}/zip"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["GET /api/projects/{id:guid}/zip/pygbag"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        // The body is no zip. A caller who may import learns that.
        ["POST /api/projects/import"] = "401 400 400 400 400 400 401 401 400 400 400 400",
        ["GET /api/projects/{id:guid}/history/"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["GET /api/projects/{id:guid}/history/{number:long}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["GET /api/projects/{id:guid}/history/{number:long}/files/{**path}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        // Nobody has played, so there is no picture. PictureTests show that only the owner gets one.
        ["GET /api/projects/{id:guid}/pictures/{hash}"] = "401 404 404 404 404 404 401 401 404 404 404 404",
        ["POST /api/projects/{id:guid}/history/{number:long}/restore"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        // Nothing is recorded. RecordingTests show that only the owner keeps and reads a recording.
        ["GET /api/projects/{id:guid}/recordings/"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["POST /api/projects/{id:guid}/recordings/"] = "401 409 404 409 404 404 401 401 404 404 404 404",
        ["GET /api/projects/{id:guid}/recordings/{hash}"] = "401 404 404 404 404 404 401 401 404 404 404 404",
        ["PATCH /api/projects/{id:guid}/recordings/{hash}"] = "401 404 404 404 404 404 401 401 404 404 404 404",
        ["DELETE /api/projects/{id:guid}/recordings/{hash}"] = "401 404 404 404 404 404 401 401 404 404 404 404",
        ["POST /api/sessions/{id:guid}/recording"] = "401 202 404 202 404 404 401 401 404 404 404 404",
        ["GET /api/sessions/"] = "401 200 200 200 200 200 401 401 200 200 200 200",
        ["POST /api/sessions/"] = "401 201 404 201 404 404 401 401 404 404 404 404",
        ["GET /api/sessions/{id:guid}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["POST /api/sessions/{id:guid}/stop"] = "401 202 404 202 404 404 401 401 404 404 404 404",
        // The request has no WebSocket handshake. A caller who may watch learns that one is needed.
        ["GET /api/sessions/{id:guid}/stream"] = "401 400 404 400 404 404 401 401 404 404 404 404",
        ["GET /api/sessions/{id:guid}/invitation/"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["POST /api/sessions/{id:guid}/invitation/"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["DELETE /api/sessions/{id:guid}/invitation/"] = "401 204 404 204 404 404 401 401 404 404 404 404",
        // The code of an invitation opens these. The last two have one that was taken back, and one to a game that is over.
        ["GET /api/watch/{code}/"] = "200 200 200 200 200 200 200 200 200 200 404 410",
        ["GET /api/watch/{code}/stream"] = "400 400 400 400 400 400 400 400 400 400 404 410",
        ["GET /api/projects/{id:guid}/links/"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["POST /api/projects/{id:guid}/links/"] = "401 201 404 201 404 404 401 401 404 404 404 404",
        ["PATCH /api/projects/{id:guid}/links/{link:guid}"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        ["DELETE /api/projects/{id:guid}/links/{link:guid}"] = "401 204 404 204 404 404 401 401 404 404 404 404",
        // The code is what opens these. An account is needed for what belongs to somebody.
        // The documents of the page behind a link; they have been built before the tests run.
        ["GET /play/{code}"] = "200 200 200 200 200 200 200 200 200 200 404 410",
        ["HEAD /play/{code}"] = "200 200 200 200 200 200 200 200 200 200 404 410",
        ["GET /embed/{code}"] = "200 200 200 200 200 200 200 200 200 200 404 410",
        ["HEAD /embed/{code}"] = "200 200 200 200 200 200 200 200 200 200 404 410",
        ["GET /api/play/{code}/"] = "200 200 200 200 200 200 200 200 200 200 404 410",
        // Nothing is recorded. RecordingTests show that a link gives the recording that its owner has chosen.
        ["GET /api/play/{code}/recordings/{hash}"] = "404 404 404 404 404 404 404 404 404 404 404 410",
        // Nobody has played, so there is no picture. LinkDocumentTests show which picture a link gives.
        ["GET /api/play/{code}/pictures/{hash}"] = "404 404 404 404 404 404 404 404 404 404 404 410",
        ["POST /api/play/{code}/guest"] = "201 201 201 201 201 201 201 201 201 201 404 410",
        ["POST /api/play/{code}/sessions"] = "401 201 201 201 201 201 401 401 201 201 404 410",
        ["GET /api/play/{code}/saved"] = "401 200 200 200 200 200 401 401 200 200 404 410",
        ["DELETE /api/play/{code}/saved"] = "401 204 204 204 204 204 401 401 204 204 404 410",
        ["GET /api/play/{code}/files"] = "200 200 200 200 200 200 200 200 404 200 404 410",
        ["GET /api/play/{code}/files/{**path}"] = "200 200 200 200 200 200 200 200 404 200 404 410",
        ["POST /api/play/{code}/copy"] = "401 201 201 201 201 201 401 401 404 201 404 410",
        ["POST /api/play/{code}/report"] = "204 204 204 204 204 204 204 204 204 204 404 410",
        // The link to play and the one that has ended are not those of the gallery. Guests like nothing.
        ["GET /api/play/{code}/family"] = "200 200 200 200 200 200 200 200 200 200 404 410",
        ["PUT /api/play/{code}/like"] = "401 403 200 200 200 200 401 401 404 200 404 410",
        ["DELETE /api/play/{code}/like"] = "401 403 200 200 200 200 401 401 404 200 404 410",
        // The gallery of this host is public. GalleryTests have one for members, and none.
        ["GET /api/gallery"] = "200 200 200 200 200 200 200 200 200 200 200 200",
        ["GET /api/projects/{id:guid}/publication/"] = "401 200 404 200 404 404 401 401 404 404 404 404",
        // A guest publishes nothing. What a link opens is not the visitor's to publish.
        ["PUT /api/projects/{id:guid}/publication/"] = "401 403 404 200 404 404 401 401 404 404 404 404",
        ["DELETE /api/projects/{id:guid}/publication/"] = "401 204 404 204 404 404 401 401 404 404 404 404",
    };
}
