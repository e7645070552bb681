# mypy: ignore-errors
# %% [markdown]
# ## 2. Licence and access
#
# What the Hub says now, beside what the choice was based on.
# %%
from huggingface_hub import HfApi
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from transformers import AutoConfig


def check_access(model):
    """One row: revision, licence then and now, whether the files can be read with this token."""
    row = {"model": model["id"], "revision": model["revision"] or "newest", "licence noted": model["license"]}
    if model["id"] in LOCAL:
        return row | {"licence now": "not asked", "gated": "not asked", "access": "local folder"}
    api = HfApi(token=TOKEN)
    try:
        info = api.model_info(model["id"], revision=model["revision"] or None)
        card = info.card_data.to_dict() if info.card_data else {}
        row |= {
            "licence now": card.get("license_name") or card.get("license"),
            "gated": str(info.gated or "no"),
        }
        if not model["revision"]:
            model["revision"] = info.sha
            row["revision"] = info.sha
        api.auth_check(model["id"])
        # Nobody's code is run here: a model that needs its publisher's is left out.
        AutoConfig.from_pretrained(
            model["id"], revision=model["revision"], token=TOKEN, trust_remote_code=False
        )
        return row | {"access": "yes"}
    except ValueError as error:
        return row | {
            "access": f"no: transformers can't load it without its publisher's code ({str(error)[:80]})"
        }
    except GatedRepoError:
        return row | {
            "access": f"no: accept the terms on https://huggingface.co/{model['id']} and set HF_TOKEN"
        }
    except RevisionNotFoundError:
        return row | {
            "access": "no: the pinned revision is gone; set the model's revision to None to take the newest"
        }
    except RepositoryNotFoundError:
        return row | {"access": "no: renamed or removed"}
    except HfHubHTTPError as error:
        return row | {"access": f"unknown: the Hub answered {error.response.status_code}"}
    except OSError as error:
        return row | {"access": f"no: its files can't be read ({str(error)[:80]})"}


access = pd.DataFrame([check_access(model) for model in MODELS])
USABLE = [
    model for model, row in zip(MODELS, access.to_dict("records")) if not row["access"].startswith("no")
]
if not USABLE:
    raise RuntimeError("None of the candidates can be loaded; see the column 'access' above.")
access
