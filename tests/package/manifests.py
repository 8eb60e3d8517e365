#!/usr/bin/python3
"""Hold Kubernetes manifests against the schemas that python3-kubernetes of Debian has.

usage: manifests.py FILE|- ...

Its models are made of Kubernetes' OpenAPI: each class knows its members, their types and which must be there, and none is
allowed that it does not know.  Then what a CronJob of ours promises.  A line for each fault; 1 if there is one.
"""

import re
import sys

import yaml
from kubernetes.client import Configuration, models

SCALARS = {"str": str, "int": int, "bool": bool, "float": (int, float)}


def model_of(document):
    """The class of a document, by its apiVersion and kind: batch/v1 CronJob is V1CronJob."""
    version = document["apiVersion"].rsplit("/", 1)[-1]
    return getattr(models, version[0].upper() + version[1:] + document["kind"])


def faults(value, kind, path):
    """What is wrong with a value of which the schema says this kind, as it is written in a model's openapi_types."""
    inner = re.fullmatch(r"list\[(.*)\]|dict\(str, (.*)\)", kind)
    if inner and inner[1]:
        if not isinstance(value, list):
            return [f"{path}: not a list"]
        return [f for i, v in enumerate(value) for f in faults(v, inner[1], f"{path}[{i}]")]
    if inner:
        if not isinstance(value, dict):
            return [f"{path}: not an object"]
        return [f for k, v in value.items() for f in faults(v, inner[2], f"{path}.{k}")]
    if kind in SCALARS:
        right = isinstance(value, SCALARS[kind]) and (kind == "bool") == isinstance(value, bool)
        return [] if right else [f"{path}: {value!r} is no {kind}"]
    if kind in ("object", "datetime"):
        return []
    return object_faults(value, getattr(models, kind), path)


def object_faults(value, model, path):
    if not isinstance(value, dict):
        return [f"{path}: not an object"]
    known = {name: attribute for attribute, name in model.attribute_map.items()}
    found = [f"{path}: {model.__name__} has no '{name}'" for name in value if name not in known]
    given = {known[name]: v for name, v in value.items() if name in known}
    try:
        model(**given, local_vars_configuration=Configuration())
    except ValueError as why:
        found.append(f"{path}: {why}")
    for attribute, v in given.items():
        found += faults(v, model.openapi_types[attribute], f"{path}.{model.attribute_map[attribute]}")
    return found


def promises(job):
    """Never two at a time, never at once again, and what the pod security standard "restricted" asks for."""
    spec = job["spec"]
    run = spec["jobTemplate"]["spec"]
    pod = run["template"]["spec"]
    held = {
        "concurrencyPolicy: Forbid": spec.get("concurrencyPolicy") == "Forbid",
        "startingDeadlineSeconds": spec.get("startingDeadlineSeconds", 0) > 0,
        "backoffLimit: 0": run.get("backoffLimit") == 0,
        "restartPolicy: Never": pod.get("restartPolicy") == "Never",
        "runAsNonRoot": pod["securityContext"].get("runAsNonRoot") is True and pod["securityContext"].get("runAsUser", 0) > 0,
        "seccompProfile": pod["securityContext"].get("seccompProfile") == {"type": "RuntimeDefault"},
        "no service account": pod.get("automountServiceAccountToken") is False,
        "volumes": all(v.keys() & {"secret", "configMap", "emptyDir", "persistentVolumeClaim"} for v in pod["volumes"]),
        "mounts": {m["name"] for c in pod["containers"] for m in c["volumeMounts"]} == {v["name"] for v in pod["volumes"]},
    }
    for container in pod["containers"]:
        context = container["securityContext"]
        held["allowPrivilegeEscalation: false"] = context.get("allowPrivilegeEscalation") is False
        held["readOnlyRootFilesystem"] = context.get("readOnlyRootFilesystem") is True
        held["no capabilities"] = context.get("capabilities") == {"drop": ["ALL"]}
        held["no token in the environment"] = not any("TOKEN" in e["name"] for e in container["env"])
    return [f"CronJob: {what}" for what, holds in held.items() if not holds]


def main(names):
    found, seen = [], 0
    for name in names:
        with sys.stdin if name == "-" else open(name, encoding="utf-8") as text:
            for document in yaml.safe_load_all(text):
                seen += 1
                found += object_faults(document, model_of(document), f"{name}: {document['kind']}")
                if document["kind"] == "CronJob":
                    found += promises(document)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found or seen == 0 else 0


sys.exit(main(sys.argv[1:]))
