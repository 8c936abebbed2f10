firewall {
    ipv4 {
        name IOT_WAN {
            default-log
            rule 75 {
                action accept
                description "VPN portal"
                destination {
                    port 2443
                }
                protocol tcp
            }
            rule 80 {
                action accept
                description "Allow IPsec ESP for VPN"
                protocol esp
            }
            rule 85 {
                action accept
                description "Allow IPsec NAT-T for VPN"
                destination {
                    port 4501
                }
                protocol udp
            }
            rule 90 {
                action accept
                description "Allow IKE for VPN"
                destination {
                    port 500
                }
                protocol udp
            }
        }
    }
}
