# What berth, test and bench share: finding the .NET SDK and calling it undisturbed. To be sourced.

# The SDK's oldest feature band that builds this (global.json says the same).
readonly sdk_major=10

# Sets $dotnet (the program) and $dotnet_root (the folder of its runtimes), or fails with one line for people.
find_dotnet() {
    local me=$1 candidate runtimes line
    for candidate in "$(command -v dotnet)" "${DOTNET_ROOT:-}/dotnet" "${HOME:-}/.dotnet/dotnet" \
        /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/lib64/dotnet/dotnet /usr/local/share/dotnet/dotnet \
        /opt/dotnet/dotnet /snap/bin/dotnet; do
        [ -n "$candidate" ] && [ -x "$candidate" ] || continue
        # Asked in the root folder: a global.json in the current one must not choose the SDK here.
        grep -q "^$sdk_major\." < <(cd / && in_clean_environment "$candidate" --list-sdks 2>/dev/null) || continue

        # The program on the PATH may be a script or a link; only its own answer tells where the runtimes are.
        runtimes=$(cd / && in_clean_environment "$candidate" --list-runtimes 2>/dev/null)
        while read -r line; do
            case $line in
            "Microsoft.NETCore.App $sdk_major."*"["*"/shared/Microsoft.NETCore.App]")
                dotnet_root=${line#*[}
                dotnet_root=${dotnet_root%/shared/Microsoft.NETCore.App]}
                dotnet=$candidate
                return 0
                ;;
            esac
        done <<<"$runtimes"
    done
    echo "$me: the .NET $sdk_major SDK is needed. Install the package dotnet-sdk-$sdk_major.0, or the SDK from https://dotnet.microsoft.com/download." >&2
    return 1
}

# Runs a command with the few variables a build needs. MSBuild takes every variable as a property, so one named
# Configuration, Platform or OutputPath would change the build.
in_clean_environment() {
    local name keep=()
    for name in HOME USER PATH TMPDIR LD_LIBRARY_PATH DOTNET_ROOT DOTNET_CLI_HOME NUGET_PACKAGES NUGET_HTTP_CACHE_PATH \
        NUGET_CERT_REVOCATION_MODE XDG_DATA_HOME SSL_CERT_FILE SSL_CERT_DIR \
        http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY; do
        [ -n "${!name:-}" ] && keep+=("$name=${!name}")
    done
    # NuGet and the SDK need a home; a machine account may have none.
    [ -n "${HOME:-}" ] || { mkdir -p "$root/.build/home" && keep+=("HOME=$root/.build/home"); }
    env -i "${keep[@]}" LC_ALL=C.UTF-8 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
        DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK=1 \
        DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 "$@"
}

# Runs MSBuild: no settings from above the checkout, no process left behind. The output goes to the file $1.
# When it fails, the errors (or, without any, the end of the output) go to stderr.
msbuild() {
    local log=$1 errors
    shift
    # In the checkout, for its global.json; nothing of this process's own place matters.
    (cd "$root" && in_clean_environment "$dotnet" msbuild "$@" -restore -noAutoResponse -nologo -verbosity:minimal \
        -p:UseSharedCompilation=false -p:ImportDirectorySolutionProps=false \
        -p:ImportDirectorySolutionTargets=false) >"$log" 2>&1 </dev/null && return 0
    errors=$(grep -E '(error|MSB[0-9]+)[ :]' "$log" | sort -u)
    printf '%s\n' "${errors:-$(tail -n 40 "$log")}" >&2
    return 1
}
