"""Every value the application can be set up with, read once from the environment."""

from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "development-only-secret-never-use-in-production"  # noqa: S105
MINIMUM_SECRET = 32


class Settings(BaseSettings):
    """Frozen settings; in production it refuses to start with a default or short secret."""

    model_config = SettingsConfigDict(frozen=True, env_file=None, extra="ignore")

    environment: Literal["development", "test", "production"] = "development"
    database_url: str = ""
    secret_key: str = DEVELOPMENT_SECRET
    base_url: str = ""
    port: int = 8000
    var_dir: Path = Path("var")
    smtp_url: str = ""
    mail_from: str = "CoMission <no-reply@localhost>"
    embedding_model: str = "all-MiniLM-L6-v2"
    # auto: the fastest here that changes nothing; int8: faster, on processors with VNNI, under a name of its own.
    embedding_runtime: Literal["auto", "int8", "sentence-transformers"] = "auto"
    run_jobs: bool = True
    warm_model: bool = True
    pool_size: int = 12
    forwarded_hops: int = 0
    # What the platform signs with: made under var_dir at the first start, or given here (`comission keys` prints one),
    # the same for every machine. After a change the key before it stands in previous_signing_key once.
    signing_key: str = ""
    previous_signing_key: str = ""
    # Addresses outside of the house, parted by commas: each signed checkpoint of the log is mailed to them.
    witnesses: str = ""
    # Where files that people send are kept: a bucket such as s3://name/folder, or a folder under var_dir.
    files_url: str = ""
    # A command that reads a file from its input and answers 0 where it finds nothing harmful; none unless named.
    file_scanner: str = ""
    # A drafting helper that speaks like OpenAI's chat completions; there is none unless address and model are named.
    drafting_url: str = ""
    drafting_model: str = ""
    drafting_key: str = ""
    drafting_seconds: float = 30.0
    drafting_tokens: int = 700

    @model_validator(mode="after")
    def refuse_default_secret(self) -> Self:
        """A public default secret would let anyone forge a link or a token."""
        weak = self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < MINIMUM_SECRET
        if self.environment == "production" and weak:
            raise ValueError(f"SECRET_KEY must be set to at least {MINIMUM_SECRET} random characters.")
        if self.environment == "production" and not self.database_url:
            raise ValueError("DATABASE_URL must name a PostgreSQL 15+ database with pgvector.")
        return self

    @property
    def origin(self) -> str:
        """Where people reach us: used in mail, never taken from a request header."""
        return (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def secure_cookies(self) -> bool:
        return self.origin.startswith("https://")


@cache
def get_settings() -> Settings:
    return Settings()
