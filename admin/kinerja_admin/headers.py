"""Response headers: a policy without inline script or style, nothing from elsewhere, no framing, no caching of pages."""

from __future__ import annotations

from flask import Flask, Response, request

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
# A drawing served as an image carries its own style element; it can load and run nothing.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# The browser's own PDF viewer is a plug-in of its own: a page policy or a sandbox would leave it blank.
PDF_POLICY = "frame-ancestors 'none'"


def _policy(mimetype: str | None) -> str:
    if mimetype == "image/svg+xml":
        return PICTURE_POLICY
    if mimetype == "application/pdf":
        return PDF_POLICY
    return PAGE_POLICY


def init_app(app: Flask) -> None:
    @app.after_request
    def _harden(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", _policy(response.mimetype))
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.is_secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint not in ("static", "admin.static"):
            headers["Cache-Control"] = "no-store"
        return response
