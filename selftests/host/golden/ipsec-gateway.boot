firewall {
    global-options {
        state-policy {
            established {
                action accept
            }
            related {
                action accept
            }
        }
    }
    ipv4 {
        name LAN_WAN {
            default-action accept
        }
        name LOCAL_WAN {
            default-action accept
        }
        name WAN_LAN {
            default-action drop
            default-log
            rule 10 {
                action accept
                description "decrypted traffic of the peer LAN"
                ipsec {
                    match-ipsec-in
                }
                source {
                    address 10.2.0.0/16
                }
            }
        }
        name WAN_LOCAL {
            default-action drop
            default-log
            rule 10 {
                action accept
                description IKE
                destination {
                    port 500
                }
                protocol udp
            }
            rule 20 {
                action accept
                description "IPsec ESP"
                protocol esp
            }
        }
    }
    zone LAN {
        from LOCAL {
            firewall {
                name LOCAL_WAN
            }
        }
        from WAN {
            firewall {
                name WAN_LAN
            }
        }
        member {
            interface vlan1
        }
    }
    zone LOCAL {
        from LAN {
            firewall {
                name LAN_WAN
            }
        }
        from WAN {
            firewall {
                name WAN_LOCAL
            }
        }
        local-zone
    }
    zone WAN {
        from LAN {
            firewall {
                name LAN_WAN
            }
        }
        from LOCAL {
            firewall {
                name LOCAL_WAN
            }
        }
        member {
            interface vlan2
        }
    }
}
